// A chat with the bot through the fake Bot API. The chat's number lives as long as the tab.
import { $, append, compose, element, get, post, watch } from "./simulation.js";

const chat = sessionStorage.chat ?? (sessionStorage.chat = String(100000 + Math.floor(Math.random() * 1e9)));
const base = `/simulator/telegram/chats/${chat}`;
const REFUSAL = "لم تُرسل الرسالة. حاول مرة أخرى.";
const shown = new Map(); // by message: its element and its buttons as they were drawn

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
  draw(item, message.buttons);
  append(item);
  return item;
}

function draw(item, buttons) {
  item.querySelector(".choices")?.remove();
  if (!buttons.length) return;
  const choices = element("div", "choices");
  for (const { title, data } of buttons) {
    const button = element("button", "", title);
    button.type = "button";
    button.addEventListener("click", () => press(data));
    choices.append(button);
  }
  item.append(choices);
}

async function refresh() {
  const { messages } = await get(base);
  for (const message of messages) {
    const buttons = JSON.stringify(message.buttons);
    const known = shown.get(message.id);
    if (known && known.buttons !== buttons) draw(known.item, message.buttons); // edited
    shown.set(message.id, { item: known ? known.item : show(message), buttons });
  }
}

compose(async (text) => {
  await post(`${base}/messages`, { text }, REFUSAL);
  await refresh();
});
watch(refresh, 700);
