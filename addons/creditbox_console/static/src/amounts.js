import { formatCurrency } from "@web/core/currency";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";

/** Amounts as figures of a page: cents only where somebody counts them. */
export function money(amount, currencyId) {
    return formatCurrency(amount, currencyId);
}

export function roundMoney(amount, currencyId) {
    return formatCurrency(Math.round(amount), currencyId, { digits: [69, 0] });
}

export function count(number) {
    return formatInteger(number);
}

export function decimal(number, digits = 1) {
    return formatFloat(number, { digits: [69, digits] });
}

/** Width of a bar in percent of the longest. */
export function share(amount, largest) {
    return largest > 0 && amount ? Math.max((100 * Math.abs(amount)) / largest, 0.5) : 0;
}
