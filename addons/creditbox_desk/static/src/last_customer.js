/** Key of the browser's session: the customer looked at last, to whom lists go back. */
export const LAST_CUSTOMER = "creditbox_last_customer";
