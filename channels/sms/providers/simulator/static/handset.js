// The handset: shows what the simulated operator delivered to one number, and sends what is typed.
import { $, append, compose, element, get, post, watch } from "./simulation.js";

const URL = "/simulator/handset/messages";
const STATES = {
  sent: "في الطريق", taken: "استلمها دليل", refused: "لم يستلمها دليل",
  ACCEPTD: "قبلها المشغّل", DELIVRD: "وصلت", UNDELIV: "لم تصل", EXPIRED: "انتهت صلاحيتها",
};
const totals = new Map();
let number = $("number").value;

function total(message) {
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
  const item = element("li", message.sent ? "mine" : "dalil");
  message.parts.forEach((part, place) => {
    const bubble = element("p", "bubble", part.text);
    bubble.dir = "auto";
    const size = `الجزء ${place + 1} من ${message.parts.length} · ${part.units} من ${part.limit}`;
    item.append(bubble, element("p", "meta", size));
  });
  const line = element("p", "meta", total(message));
  totals.set(message.number, line);
  item.append(line);
  append(item);
}

async function refresh() {
  const asked = number;
  const { messages } = await get(`${URL}?number=${encodeURIComponent(asked)}`);
  if (asked !== number) return;
  for (const message of messages) {
    const line = totals.get(message.number);
    if (line) line.textContent = total(message);
    else show(message);
  }
}

$("number").addEventListener("change", () => {
  number = $("number").value;
  totals.clear();
  $("log").replaceChildren();
});

compose(async (text) => {
  await post(URL, { from: $("number").value, text }, "لم تُرسل الرسالة. تحقق من الرقم والنص.");
  await refresh();
});
watch(refresh, 1000);
