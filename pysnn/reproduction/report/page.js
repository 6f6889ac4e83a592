"use strict";
// Chapters are folded; a link into one, and printing, open it.
const chapters = [...document.querySelectorAll("details.chapter")];
const links = [...document.querySelectorAll("nav > a")];
const button = document.getElementById("fold");

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const chapter = target.closest("details.chapter");
  if (chapter) chapter.open = true;
  target.scrollIntoView();
}

function nameButton() {
  const isOpen = chapters.every((chapter) => chapter.open);
  button.textContent = isOpen ? "Fold all chapters" : "Open all chapters";
}

function markPlace() {
  const passed = chapters.filter((chapter) => chapter.getBoundingClientRect().top < 120);
  const current = passed.length ? passed[passed.length - 1].id : "top";
  for (const link of links) {
    if (link.hash === "#" + current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

button.addEventListener("click", () => {
  const isOpen = chapters.every((chapter) => chapter.open);
  for (const chapter of chapters) chapter.open = !isOpen;
});
for (const chapter of chapters) chapter.addEventListener("toggle", nameButton);
addEventListener("hashchange", openTarget);
document.addEventListener("scroll", markPlace, { passive: true });
addEventListener("beforeprint", () => chapters.forEach((chapter) => (chapter.open = true)));
nameButton();
markPlace();
openTarget();
