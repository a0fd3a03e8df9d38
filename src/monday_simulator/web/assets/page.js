// Folds subitems, and follows the simulator: the page is asked for again, and the parts that changed are put in place.
"use strict";

const EVERY_MS = 2000;

const show = (button, open) => {
  document.getElementById(button.getAttribute("aria-controls")).hidden = !open;
  button.setAttribute("aria-expanded", String(open));
};

const toggles = (part, open) =>
  [...part.querySelectorAll("button.toggle")].filter((each) => (each.getAttribute("aria-expanded") === "true") === open);

const openAll = () => {
  if (location.hash === "#subitems") toggles(document, false).forEach((button) => show(button, true));
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button.toggle");
  if (button) show(button, button.getAttribute("aria-expanded") !== "true");
});
window.addEventListener("hashchange", openAll);

// What the server said last, by id, before the reader folded or scrolled anything.
const said = new Map();

const remember = (page) => page.querySelectorAll("[data-live]").forEach((part) => said.set(part.id, part.outerHTML));

const put = (fresh) => {
  const old = document.getElementById(fresh.id);
  if (!old || old.contains(document.activeElement) && document.activeElement.closest("form")) return false;
  const opened = new Set(toggles(old, true).map((button) => button.getAttribute("aria-controls")));
  const scrolled = [...old.querySelectorAll(".scroll")].map((each) => each.scrollLeft);
  const wasOpen = old.open;
  const hadRows = old.querySelector("table") !== null;
  const mine = document.importNode(fresh, true);
  old.replaceWith(mine);
  if (mine.localName === "details" && hadRows) mine.open = wasOpen;
  toggles(mine, false).filter((button) => opened.has(button.getAttribute("aria-controls"))).forEach((button) => show(button, true));
  mine.querySelectorAll(".scroll").forEach((each, at) => { each.scrollLeft = scrolled[at] || 0; });
  return true;
};

const ids = (list) => [...list.children].map((each) => each.id).join(" ");

const take = (page) => {
  if (page.getElementById("groups") && !document.getElementById("groups")) return location.reload();
  for (const list of page.querySelectorAll("[data-list]")) {
    const old = document.getElementById(list.id);
    if (old && ids(old) !== ids(list)) {
      const kept = new Map([...old.children].map((each) => [each.id, each]));
      old.replaceChildren(...[...list.children].map((each) => kept.get(each.id) || document.importNode(each, true)));
    }
  }
  for (const part of page.querySelectorAll("[data-live]")) {
    if (said.get(part.id) !== part.outerHTML && put(part)) said.set(part.id, part.outerHTML);
  }
};

let tag = null;
const follow = async () => {
  const sign = document.getElementById("live");
  try {
    const answer = await fetch(location.href, { cache: "no-cache", headers: { Accept: "text/html" } });
    if (answer.ok && answer.headers.get("etag") !== tag) {
      tag = answer.headers.get("etag");
      take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
    sign.hidden = !answer.ok;
  } catch {
    sign.hidden = true;
  }
};

const next = () => setTimeout(async () => {
  if (!document.hidden) await follow();
  next();
}, EVERY_MS);

remember(document);
openAll();
follow();
next();
