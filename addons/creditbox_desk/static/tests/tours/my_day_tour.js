import { registry } from "@web/core/registry";

/** A collector's round: my day, a customer, a promise, a note, the next, and back. */
registry.category("web_tour.tours").add("creditbox_my_day", {
    url: "/odoo/creditbox-my-day",
    steps: () => [
        {
            content: "the customer who waits comes first",
            trigger: ".o_data_row:first .o_data_cell[name=partner_id]:contains(Rossi)",
            run: "click",
        },
        {
            content: "what is owed is there",
            trigger: ".cbx-overdue:contains(160)",
        },
        {
            content: "take down a promise",
            trigger: ".cbx-buttons button:contains(Promise)",
            run: "click",
        },
        {
            content: "it proposes all that is overdue",
            trigger: ".modal .o_data_cell[name=amount]:contains(160)",
        },
        {
            trigger: ".modal footer button:contains(Take down)",
            run: "click",
        },
        {
            content: "the promise stands in the head",
            trigger: ".cbx-next a:contains(160)",
        },
        {
            content: "and among what has happened",
            trigger: ".cbx-event-promise",
        },
        {
            trigger: ".cbx-buttons button:contains(Note)",
            run: "click",
        },
        {
            trigger: ".cbx-note textarea",
            run: "edit He pays on Friday",
        },
        {
            trigger: ".cbx-note button:contains(Save)",
            run: "click",
        },
        {
            content: "the note is there",
            trigger: ".cbx-event-note .cbx-text:contains(He pays on Friday)",
        },
        {
            content: "put the missing mobile right",
            trigger: ".cbx-checks li:contains(mobile) button",
            run: "click",
        },
        {
            trigger: ".modal div[name=creditbox_mobile] input",
            run: "edit 333 1234567",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "the number can be called",
            trigger: ".cbx-contacts a[href='tel:+393331234567']",
        },
        {
            content: "on to the next customer with a key",
            trigger: ".cbx-name:contains(Rossi)",
            run: "press j",
        },
        {
            trigger: ".cbx-name:contains(Verdi)",
            run: "press k",
        },
        {
            trigger: ".cbx-name:contains(Rossi)",
        },
        {
            content: "back to my day",
            trigger: ".o_back_button, .breadcrumb-item a:contains(My Day)",
            run: "click",
        },
        {
            content: "the promise shows in the list",
            trigger: ".o_data_row:first .o_data_cell[name=promise_date]:not(:empty)",
        },
    ],
});
