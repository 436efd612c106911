// A chat with the bot through the fake Bot API. The chat's number lives as long as the tab.
const $ = (id) => document.getElementById(id);
const chat = sessionStorage.chat ?? (sessionStorage.chat = String(100000 + Math.floor(Math.random() * 1e9)));
const base = `/simulator/telegram/chats/${chat}`;
const shown = new Set();

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

async function post(path, body) {
  const response = await fetch(`${base}/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(String(response.status));
  await refresh();
}

function attempt(work, otherwise) {
  work.then(() => { $("status").textContent = ""; }).catch(() => {
    $("status").textContent = "لم تُرسل الرسالة. حاول مرة أخرى.";
    if (otherwise) otherwise();
  });
}

function show(message) {
  const item = element("li", message.mine ? "mine" : "dalil", "");
  const bubble = element("p", "bubble", message.text);
  bubble.dir = "auto";
  item.append(bubble);
  if (message.buttons.length) {
    const choices = element("div", "choices", "");
    for (const { title, data } of message.buttons) {
      const button = element("button", "", title);
      button.type = "button";
      button.addEventListener("click", () => attempt(post("presses", { data })));
      choices.append(button);
    }
    item.append(choices);
  }
  $("log").append(item);
  item.scrollIntoView({ block: "end" });
}

async function refresh() {
  const response = await fetch(base, { cache: "no-store" });
  const { messages } = await response.json();
  for (const message of messages) {
    if (shown.has(message.id)) continue;
    shown.add(message.id);
    show(message);
  }
}

async function watch() {
  for (;;) {
    try {
      await refresh();
      if ($("status").dataset.broken) { $("status").textContent = ""; delete $("status").dataset.broken; }
    } catch {
      $("status").textContent = "انقطع الاتصال بالبرنامج. نعيد المحاولة.";
      $("status").dataset.broken = "yes";
    }
    await new Promise((wake) => setTimeout(wake, 700));
  }
}

$("compose").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value;
  $("text").value = "";
  $("text").focus();
  attempt(post("messages", { text }), () => { $("text").value = text; });
});

$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    $("compose").requestSubmit();
  }
});

watch();
