// What both pages do: make elements from text, send on Enter, and ask again and again what is new.
export const $ = (id) => document.getElementById(id);

export function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

export function append(item) {
  $("log").append(item);
  item.scrollIntoView({ block: "end" });
}

export async function watch(refresh, milliseconds) {
  let broken = false;
  for (;;) {
    try {
      await refresh();
      if (broken) $("status").textContent = "";
      broken = false;
    } catch {
      $("status").textContent = "انقطع الاتصال بالبرنامج. نعيد المحاولة.";
      broken = true;
    }
    await new Promise((wake) => setTimeout(wake, milliseconds));
  }
}

// `send` gets the text; when it fails the text comes back, with the reason.
export function compose(send) {
  $("compose").addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = $("text").value;
    $("text").value = "";
    $("text").focus();
    try {
      await send(text);
      $("status").textContent = "";
    } catch (reason) {
      $("status").textContent = reason.message;
      $("text").value = text;
    }
  });
  $("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      $("compose").requestSubmit();
    }
  });
}

export async function post(url, body, refusal) {
  let response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Error("لم تُرسل الرسالة. انقطع الاتصال بالبرنامج.");
  }
  if (!response.ok) throw new Error(refusal);
}

export async function get(url) {
  const response = await fetch(url, { cache: "no-store" });
  return response.json();
}
