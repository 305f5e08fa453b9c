// Narrows hundreds of services down to those that are called like what somebody types. Without it they are all there.
"use strict";
const find = document.getElementById("find");
const list = document.querySelector(".chosen-services");
if (find && list) {
  const nothing = list.querySelector(".find-nothing");
  const boxes = [...list.querySelectorAll(".box")].map((box) => [box, box.textContent.toLowerCase()]);
  const groups = [...list.querySelectorAll("details")].map((group) => [group, group.open]);
  find.addEventListener("input", () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const [box, text] of boxes) {
      const group = box.closest("details")?.querySelector("summary").textContent.toLowerCase() ?? "";
      box.hidden = !words.every((word) => text.includes(word) || group.includes(word));
      found += box.hidden ? 0 : 1;
    }
    for (const [group, wasOpen] of groups) {
      group.hidden = !group.querySelector(".box:not([hidden])");
      group.open = words.length ? !group.hidden : wasOpen || group.querySelector(":checked") !== null;
    }
    nothing.hidden = found > 0;
  });
  // Enter would send the form; here it only means "look".
  find.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
}
