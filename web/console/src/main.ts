import "element-plus/es/components/base/style/css";
import "element-plus/theme-chalk/dark/css-vars.css";
import "./console.css";
import { createApp } from "vue";
import { takeOver } from "./page";
import Shell from "./Shell.vue";

const frame = document.querySelector(".shell");
const written = document.getElementById("page-body");
if (frame && written) {
  // What the server wrote stays what is shown: the application takes its nodes, so that nothing jumps and no program loses its place.
  const first = document.createDocumentFragment();
  first.append(...written.childNodes);
  createApp(Shell, { first, sub: document.getElementById("page-sub")?.innerHTML ?? "" }).mount(frame);
  takeOver();
}
