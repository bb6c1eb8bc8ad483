// Pays inside WeChat, whose browser brings WeixinJSBridge.
//
//   <button data-wechat-pay='{"appId":"…","paySign":"…"}' data-failed="没有付成…">去支付</button>
//
// WeChat's word that it was paid is not believed here: live.js asks the shop, and the shop asks WeChat.

const button = document.querySelector("[data-wechat-pay]");

const ready = new Promise((resolve) => {
  if (window.WeixinJSBridge) resolve();
  else document.addEventListener("WeixinJSBridgeReady", resolve, { once: true });
});

const say = document.createElement("p");
say.className = "small muted";
say.setAttribute("role", "status");
say.hidden = true;
button?.after(say);

button?.addEventListener("click", async () => {
  say.hidden = true;
  await ready;
  window.WeixinJSBridge.invoke("getBrandWCPayRequest", JSON.parse(button.dataset.wechatPay), (result) => {
    if (result.err_msg === "get_brand_wcpay_request:ok") document.dispatchEvent(new Event("visibilitychange"));
    else {
      say.hidden = false;
      say.textContent = button.dataset.failed;
    }
  });
});
