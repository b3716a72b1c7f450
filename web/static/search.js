// Suggestions below the search box while a query is being typed, as a combobox with a listbox
// (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/); keys: "/" to get to the box, "n" and "p" from one mark of an
// article to the next; buttons that copy a citation. Everything can be done without this, too.

const PAUSE = 120; // milliseconds without a key before suggestions are asked for

const box = document.getElementById("q");
const form = box.form;
const labels = JSON.parse(form.dataset.labels);
const list = document.createElement("ul");
let timer, request;
let active = -1; // the chosen suggestion's place in the list

list.id = "suggestions";
list.hidden = true;
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", labels.list);
form.append(list);
for (const [name, value] of Object.entries({
  role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false",
})) box.setAttribute(name, value);

function close() {
  clearTimeout(timer);
  request?.abort();
  list.hidden = true;
  list.replaceChildren();
  box.setAttribute("aria-expanded", "false");
  activate(-1);
}

function activate(place) {
  active = place;
  [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
  const option = list.children[active];
  if (option) {
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    box.removeAttribute("aria-activedescendant");
  }
}

function optionFor({ q, reason }, place) {
  const option = document.createElement("li");
  const text = document.createElement("span");
  option.id = `suggestion-${place}`;
  option.setAttribute("role", "option");
  option.dataset.q = q;
  text.textContent = q;
  option.append(text);
  if (labels[reason]) {
    const label = document.createElement("small");
    label.textContent = labels[reason];
    option.append(label);
  }
  return option;
}

function show(suggestions) {
  list.replaceChildren(...suggestions.map(optionFor));
  list.hidden = !suggestions.length;
  box.setAttribute("aria-expanded", String(!list.hidden));
  activate(-1);
}

async function ask() {
  request?.abort();
  request = new AbortController();
  const { signal } = request;
  try {
    const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(box.value)}`, { signal });
    const suggestions = answer.ok ? (await answer.json()).suggestions : [];
    if (!signal.aborted && document.activeElement === box) show(suggestions);
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
}

function take(option) {
  box.value = option.dataset.q;
  close();
  form.requestSubmit();
}

function move(step) {
  const places = list.children.length + 1; // one of them is the box itself
  activate(((active + 1 + step + places) % places) - 1);
}

box.addEventListener("input", (event) => {
  if (event.isComposing) return; // an input method shows letters that are not the text yet
  clearTimeout(timer);
  if (box.value.trim()) timer = setTimeout(ask, PAUSE);
  else close();
});

box.addEventListener("compositionend", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
});

box.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const isOpen = !list.hidden;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (isOpen) move(event.key === "ArrowDown" ? 1 : -1);
    else if (box.value.trim()) ask();
  } else if (isOpen && event.key === "Escape") {
    close();
  } else if (isOpen && event.key === "Enter" && active >= 0) {
    take(list.children[active]);
  } else {
    return;
  }
  event.preventDefault();
});

box.addEventListener("blur", close);
form.addEventListener("submit", close);
list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) take(option);
});

const marks = document.querySelectorAll("mark[id]");

function hop(step) {
  const at = [...marks].findIndex((mark) => `#${mark.id}` === location.hash);
  const next = at < 0 && step < 0 ? marks.length - 1 : (at + step + marks.length) % marks.length;
  location.replace(`#${marks[next].id}`);
}

// whoever speaks to the computer may set off single keys: they can be switched off (WCAG 2.2, 2.1.4)
const areKeysOff = () => localStorage.getItem("keys") === "off";
const toggle = document.querySelector("footer button"); // has its place from the start, so that nothing moves
toggle.textContent = areKeysOff() ? labels.on : labels.off;
toggle.className = "ready";
toggle.addEventListener("click", () => {
  localStorage.setItem("keys", areKeysOff() ? "on" : "off");
  toggle.textContent = areKeysOff() ? labels.on : labels.off;
});

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (isTyping || areKeysOff() || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "/") {
    event.preventDefault();
    box.focus();
    box.select();
  } else if (marks.length && (event.key === "n" || event.key === "p")) {
    hop(event.key === "n" ? 1 : -1);
  }
});

for (const text of document.querySelectorAll(".citation")) {
  const { copy, copied } = text.closest("[data-copy]").dataset;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = copy;
  button.addEventListener("click", () => {
    getSelection().selectAllChildren(text);
    document.execCommand("copy"); // the newer clipboard is only for https
    button.textContent = copied;
  });
  text.previousElementSibling.append(button);
}
