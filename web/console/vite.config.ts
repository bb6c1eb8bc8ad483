import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

// The host serves what is built here under /assets/app, with names that change with their contents.
export default defineConfig({
  plugins: [vue()],
  base: "./",
  build: {
    outDir: "../../build/console",
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    rollupOptions: { input: "src/main.ts" },
  },
});
