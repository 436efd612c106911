// The handset: shows what the simulated operator delivered to one number, and sends what is typed.
const $ = (id) => document.getElementById(id);
const STATES = {
  sent: "في الطريق", taken: "استلمها دليل", refused: "لم يستلمها دليل",
  ACCEPTD: "قبلها المشغّل", DELIVRD: "وصلت", UNDELIV: "لم تصل", EXPIRED: "انتهت صلاحيتها",
};
let number = $("number").value;
let after = 0;
const metas = new Map();

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function meta(message) {
  const count = message.parts.length;
  const words = [
    count === 1 ? "جزء واحد" : count === 2 ? "جزءان" : `${count} أجزاء`,
    `الوحدات ${message.units} · ${message.encoding}`,
  ];
  if (!message.sent) words.push(`الكلفة ${message.cost} ريال`);
  words.push(STATES[message.state] ?? message.state);
  return words.join(" · ");
}

function show(message) {
  const item = element("li", message.sent ? "mine" : "dalil", "");
  message.parts.forEach((part, place) => {
    const bubble = element("p", "bubble", part.text);
    bubble.dir = "auto";
    item.append(bubble, element("p", "meta", `الجزء ${place + 1} من ${message.parts.length} · ${part.units} من ${part.limit}`));
  });
  const line = element("p", "meta total", meta(message));
  metas.set(message.number, line);
  item.append(line);
  $("log").append(item);
  item.scrollIntoView({ block: "end" });
}

async function refresh() {
  const asked = number;
  const response = await fetch(`/simulator/handset/messages?number=${encodeURIComponent(asked)}`, { cache: "no-store" });
  const { messages } = await response.json();
  if (asked !== number) return;
  for (const message of messages) {
    if (message.number > after) {
      after = message.number;
      show(message);
    } else if (metas.has(message.number)) {
      metas.get(message.number).textContent = meta(message);
    }
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
    await new Promise((wake) => setTimeout(wake, 1000));
  }
}

$("number").addEventListener("change", () => {
  number = $("number").value;
  after = 0;
  metas.clear();
  $("log").replaceChildren();
});

$("compose").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("text").value;
  $("text").value = "";
  $("text").focus();
  try {
    const response = await fetch("/simulator/handset/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ from: $("number").value, text }),
    });
    $("status").textContent = response.ok ? "" : "لم تُرسل الرسالة. تحقق من الرقم والنص.";
    await refresh();
  } catch {
    $("status").textContent = "لم تُرسل الرسالة. انقطع الاتصال بالبرنامج.";
    $("text").value = text;
  }
});

$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    $("compose").requestSubmit();
  }
});

watch();
