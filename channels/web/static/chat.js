// The chat without page loads. Everything here is a comfort: the same forms work when this file never arrives.
const chat = document.getElementById("chat");
const log = document.getElementById("log");
const status = document.getElementById("status");
const question = document.getElementById("question");
const hint = document.getElementById("hint");
const notices = document.getElementById("notices");
const hintText = hint.textContent;
const limit = Number(chat.dataset.limit);
const STORE = "dalil.unsent";
const RELOADED = "dalil.reloaded";

let last = Number(chat.dataset.last);
let asked = Number(chat.dataset.pending); // questions of earlier page loads that still wait for their answer
const waiting = new Set(); // ids of questions that were sent from here and still wait
const answered = new Set();
let askedAt = asked ? Date.now() : 0;
let unsent = []; // {id, text, choice}, in order; kept in this tab until the gateway has them
let sending = false;
let retryAfter = 2000;
let stream = null;
let withPerson = false; // a person has the conversation: no answer is being written by Dalil
let stopped = question.disabled; // the ministry has stopped the chat for a while
let ended = false; // the conversation is over: the next message opens a new one

// What is shown

function fill(element, text) {
  // Isolated runs (references, amounts) become <bdi>: they read right and copy without invisible characters.
  text.split(/[\u2068\u2069]/).forEach((part, place) => {
    if (!part) return;
    const node = place % 2 ? document.createElement("bdi") : document.createTextNode(part);
    if (place % 2) node.textContent = part;
    element.append(node);
  });
}

const isolate = (text) => text.replace(/[A-Za-z0-9][A-Za-z0-9@./:_+\-,%]*[A-Za-z0-9%]/g, "\u2068$&\u2069");

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Aden" });

const WHO = { dalil: "دليل:", "dalil person": "موظف:", citizen: "أنت:" };

function bubble(kind, text) {
  const said = document.createElement("div");
  said.className = `said ${kind}`;
  const who = document.createElement("span");
  who.className = "who";
  who.textContent = WHO[kind];
  const words = document.createElement("p");
  if (kind === "citizen") words.dir = "auto";
  fill(words, text);
  const time = document.createElement("time");
  time.textContent = clock.format(new Date());
  said.append(who, words, time);
  return said;
}

function show(said) {
  log.append(said);
  if (said.offsetHeight > innerHeight / 2) said.scrollIntoView({ block: "start" });
  else status.scrollIntoView({ block: "end" });
}

const find = (id) => log.querySelector(`[data-client="${CSS.escape(id)}"]`);

function citizenSaid(id, text) {
  const said = bubble("citizen", text);
  said.dataset.client = id;
  show(said);
}

function dalilSaid(event) {
  if (event.id <= last) return;
  last = event.id;
  const id = event.in_reply_to;
  if (id && !answered.has(id)) {
    answered.add(id);
    if (!find(id) && event.question) citizenSaid(id, event.question); // asked in another tab
    else if (!waiting.delete(id) && !unsent.some((message) => message.id === id)) asked = Math.max(0, asked - 1);
  }
  if (event.person) nobodyWrites();
  const said = bubble(event.person ? "dalil person" : "dalil", event.text);
  said.dataset.id = event.id;
  if (event.choices.length) said.append(choices(event.choices));
  if (event.rate) said.append(rating(event.rate, event.good));
  show(said);
  tell();
}

function nobodyWrites() {
  // A person has the conversation: Dalil answers nothing that was asked of them.
  waiting.clear();
  asked = 0;
}

function choices(list) {
  const form = document.createElement("form");
  form.className = "say";
  for (const choice of list) {
    const button = document.createElement("button");
    button.className = "choice";
    button.name = "choice";
    button.value = choice.token;
    fill(button, choice.title);
    form.append(button);
  }
  return form;
}

function rating(message, good) {
  const form = document.createElement("form");
  form.className = "rate";
  const about = document.createElement("input");
  Object.assign(about, { type: "hidden", name: "message", value: message });
  const set = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.className = "who";
  legend.textContent = "هل أفادك هذا الجواب؟";
  set.append(about, legend);
  form.append(set);
  for (const [value, title] of [["yes", "أفادني"], ["no", "لم يفدني"]]) {
    const button = document.createElement("button");
    Object.assign(button, { name: "helped", value, textContent: title });
    button.setAttribute("aria-pressed", String(good === (value === "yes")));
    set.append(button);
  }
  return form;
}

async function rate(button) {
  const form = button.form;
  let answer = 0;
  try {
    const response = await fetch("/api/ratings", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": chat.dataset.csrf },
      body: JSON.stringify({ message: form.elements.message.value, helped: button.value }),
    });
    answer = response.status;
  } catch (error) {
    console.info("rating not sent", error.name);
  }
  form.querySelector("small")?.remove();
  const set = form.querySelector("fieldset");
  const note = document.createElement("small");
  note.textContent = answer === 200 ? "شكرًا لك." : "لم يُحفظ رأيك. حاول بعد قليل.";
  set.append(note); // the log announces it
  if (answer !== 200) return;
  for (const one of form.querySelectorAll("button")) one.setAttribute("aria-pressed", String(one === button));
}

function mark(id, text, again) {
  const said = find(id);
  if (!said) return;
  said.querySelectorAll("small, .again").forEach((old) => old.remove());
  said.classList.toggle("unsent", Boolean(text));
  if (!text) return;
  const note = document.createElement("small");
  note.textContent = text;
  said.append(note);
  if (!again) return;
  const button = document.createElement("button");
  button.className = "again";
  button.type = "button";
  button.textContent = "أعد المحاولة الآن";
  button.addEventListener("click", flush);
  said.append(button);
}

function announce(shown) {
  // Only what is new is added, so that a screen reader says it once.
  const wanted = new Map();
  if (shown.stopped) wanted.set("stopped", shown.stopped);
  for (const notice of shown.notices) wanted.set(String(notice.id), notice.text);
  for (const old of [...notices.children]) {
    const text = wanted.get(old.dataset.notice);
    if (text?.replace(/[\u2068\u2069]/g, "") === old.textContent) wanted.delete(old.dataset.notice);
    else old.remove();
  }
  for (const [id, text] of wanted) {
    const note = document.createElement("p");
    note.className = "note";
    note.dataset.notice = id;
    fill(note, text);
    notices.append(note);
  }
  const goesOn = stopped && !shown.stopped;
  stopped = Boolean(shown.stopped);
  question.disabled = question.form.querySelector(".send").disabled = stopped;
  if (!goesOn) return;
  listen();
  flush();
}

function tell() {
  const busy = waiting.size > 0 || asked > 0;
  if (!busy) askedAt = 0;
  else if (!askedAt) askedAt = Date.now();
  const late = busy && Date.now() - askedAt > 20000;
  let text = "";
  if (unsent.length && !navigator.onLine) text = "لا يوجد اتصال بالإنترنت. سنرسل رسالتك حين يعود.";
  else if (late) text = "تأخر الجواب. سيظهر هنا حين يصل.";
  else if (busy) text = "دليل يكتب الجواب…";
  if (status.textContent !== text) status.textContent = text;
  status.classList.toggle("busy", busy);
}

// What is sent

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

function keep() {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(unsent));
  } catch (error) {
    console.warn("unsent messages are kept in memory only", error.name);
  }
}

function say(text, choice) {
  const message = { id: newId(), text, choice };
  unsent.push(message);
  keep();
  citizenSaid(message.id, isolate(text));
  flush();
}

async function post(message) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), 20000);
  try {
    const response = await fetch("/api/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": chat.dataset.csrf },
      body: JSON.stringify(message),
      signal: abort.signal,
    });
    if (response.ok) withPerson = Boolean((await response.json()).person);
    if (response.status === 503) await heard(response);
    return response.status;
  } catch {
    return 0; // no connection: the same message goes out again with the same id
  } finally {
    clearTimeout(timer);
  }
}

async function flush() {
  if (sending) return;
  sending = true;
  while (unsent.length) {
    const message = unsent[0];
    const answer = await post(message);
    const over = answer === 401 || answer === 403;
    if (over && reload()) return;
    if (over || answer === 0 || answer >= 500) {
      for (const one of unsent) mark(one.id, "لم تُرسل بعد", one === message);
      status.scrollIntoView({ block: "end" });
      setTimeout(flush, retryAfter);
      retryAfter = Math.min(retryAfter * 2, 30000);
      break;
    }
    unsent.shift();
    keep();
    retryAfter = 2000;
    if (answer < 300) {
      mark(message.id, "");
      if (!withPerson && !answered.has(message.id)) waiting.add(message.id); // the answer may be faster than the acknowledgement
    } else {
      mark(message.id, answer === 429 ? "لم تُقبل: أرسلت رسائل كثيرة. انتظر دقيقة." : "لم تُقبل: الرسالة طويلة جدًّا.");
    }
  }
  sending = false;
  tell();
}

function reload() {
  // The conversation is over (a shared computer, a long night): a new page, the unsent messages go with it.
  try {
    if (Date.now() - Number(sessionStorage.getItem(RELOADED)) < 30000) return false;
    sessionStorage.setItem(RELOADED, String(Date.now()));
  } catch {
    return false; // no storage, so nothing to keep the unsent messages in
  }
  location.reload();
  return true;
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.say")) return;
  event.preventDefault();
  // Enter submits without a button; then the field itself is active, and its name is that of the example buttons.
  const button = event.submitter || document.activeElement.closest("button");
  if (button?.name === "choice") return say(button.textContent, button.value);
  if (button?.name === "text") return say(button.value, null);
  const text = question.value.trim();
  if (!text || size(text) > limit) return question.focus();
  say(text, null);
  question.value = "";
  grow();
  question.focus();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest(".rate button");
  if (!button) return;
  event.preventDefault();
  rate(button);
});

question.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  question.form.requestSubmit ? question.form.requestSubmit() : question.form.querySelector("button").click();
});

const size = (text) => [...text].length; // as the gateway counts: an emoji is one

function grow() {
  question.style.height = "";
  question.style.height = `${question.scrollHeight + 3}px`;
  const over = size(question.value.trim()) - limit;
  hint.textContent = over > 0 ? `رسالتك أطول من ${limit} حرف. احذف منها ${over}.` : hintText;
  hint.classList.toggle("over", over > 0);
}
question.addEventListener("input", grow);

// What is heard

async function heard(response) {
  if (!response.headers.get("Content-Type")?.startsWith("application/json")) return;
  const body = await response.json();
  body.events?.forEach(dalilSaid);
  if (body.notices) announce(body);
}

async function poll(wait) {
  try {
    const response = await fetch(`/api/events?after=${last}&wait=${wait}`, { headers: { Accept: "application/json" } });
    if (response.status === 401) ended = true;
    if (response.ok || response.status === 503) await heard(response);
  } catch (error) {
    console.info("not reached, asking again in a moment", error.name);
  }
}

function listen() {
  if (stream || stopped || document.hidden || !window.EventSource) return;
  stream = new EventSource(`/api/events?after=${last}`);
  stream.onmessage = (event) => dalilSaid(JSON.parse(event.data));
  stream.addEventListener("notices", (event) => announce(JSON.parse(event.data)));
  stream.onerror = () => {
    if (stream && stream.readyState === EventSource.CLOSED) stream = null;
  };
}

async function watch() {
  // Streams can be cut, or held back by a proxy: while an answer is due, ask for it too.
  tell();
  const due = askedAt && Date.now() - askedAt > 4000;
  if (!document.hidden) {
    listen();
    if (due || !stream) await poll(stream ? 0 : 15);
  }
  if (!ended) setTimeout(watch, due ? 3000 : 5000);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return listen();
  if (stream) stream.close();
  stream = null;
});
addEventListener("online", flush);
addEventListener("offline", tell);

// At the beginning

try {
  if ("forgotten" in chat.dataset) sessionStorage.removeItem(STORE);
  unsent = (JSON.parse(sessionStorage.getItem(STORE)) || []).filter((message) => !find(message.id));
} catch {
  unsent = [];
}
for (const message of unsent) citizenSaid(message.id, isolate(message.text));
if (log.lastElementChild) status.scrollIntoView({ block: "end", behavior: "instant" });
if (matchMedia("(pointer: fine)").matches) question.focus({ preventScroll: true });
tell();
flush();
listen();
setTimeout(watch, 4000);
