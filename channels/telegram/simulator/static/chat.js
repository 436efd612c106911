// A chat with the bot through the fake Bot API. The chat's number lives as long as the tab.
import { $, append, compose, element, get, post, watch } from "./simulation.js";

const chat = sessionStorage.chat ?? (sessionStorage.chat = String(100000 + Math.floor(Math.random() * 1e9)));
const base = `/simulator/telegram/chats/${chat}`;
const REFUSAL = "لم تُرسل الرسالة. حاول مرة أخرى.";
const shown = new Set();

async function press(data) {
  try {
    await post(`${base}/presses`, { data }, REFUSAL);
    await refresh();
  } catch (reason) {
    $("status").textContent = reason.message;
  }
}

function show(message) {
  const item = element("li", message.mine ? "mine" : "dalil");
  const bubble = element("p", "bubble", message.text);
  bubble.dir = "auto";
  item.append(bubble);
  if (message.buttons.length) {
    const choices = element("div", "choices");
    for (const { title, data } of message.buttons) {
      const button = element("button", "", title);
      button.type = "button";
      button.addEventListener("click", () => press(data));
      choices.append(button);
    }
    item.append(choices);
  }
  append(item);
}

async function refresh() {
  const { messages } = await get(base);
  for (const message of messages) {
    if (shown.has(message.id)) continue;
    shown.add(message.id);
    show(message);
  }
}

compose(async (text) => {
  await post(`${base}/messages`, { text }, REFUSAL);
  await refresh();
});
watch(refresh, 700);
