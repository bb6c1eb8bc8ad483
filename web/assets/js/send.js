// Sends the page's form, or follows its link, at once. Without this script a press does.
//
//   <form method="post" action="https://…" data-send> … <button>去支付</button></form>
//   <a href="/…" data-send>去支付</a>
//
// A form that is sent before the page has loaded takes this page's place in the history, so that "back" leads to the page before.

const form = document.querySelector("form[data-send]");
// Not form.submit(): a field of that name would stand in its way.
if (form) HTMLFormElement.prototype.submit.call(form);

const link = document.querySelector("a[data-send]");
if (link) location.replace(link.href);
