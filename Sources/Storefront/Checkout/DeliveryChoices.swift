import DesignSystem
import Markup
import Pricing
import Primitives
import UseCases

/// The ways to deliver, with what each costs, when it comes, and its windows.
struct DeliveryChoices {
    let quote: DeliveryQuote
    let form: CheckoutForm
    let currency: Currency
    let faults: [CheckoutForm.Fault]

    private var error: String? { faults.first { $0.field == "delivery" }?.sentence }

    var html: HTML {
        fieldset(
            .class("fieldset"), .id("delivery"), .tabindex(-1),
            .aria("describedby", error.map { _ in "delivery-error" })
        ) {
            legend { h2 { "Delivery" } }
            if let error { p(.class("error"), .id("delivery-error")) { error } }
            for offer in quote.offers { choice(offer) }
            div(.class("stack tight")) {
                for withheld in quote.withheld { note(withheld) }
            }
            if quote.offers.count > 1 || !quote.withheld.isEmpty {
                Markup.button(
                    .type("submit"), .name("action"), .value("delivery"), .class("button small"), .formnovalidate()
                ) { "Show delivery and total for this address" }
            }
        }
    }

    private func choice(_ offer: DeliveryOffer) -> HTML {
        let chosen = form.delivery.isEmpty ? quote.offer?.id : form.delivery
        return group {
            label(.class("choice")) {
                input(
                    .type("radio"), .name("delivery"), .value(offer.id), .checked(offer.id == chosen), .required(),
                    .data("swap-on-change", "summary"), .data("action", "delivery"))
                span {
                    offer.title
                    for line in lines(offer) { span(.class("hint")) { line } }
                }
                strong { offer.priceMinorUnits == 0 ? "Free" : money(offer.priceMinorUnits).text }
            }
            if offer.needsWindow { windows(offer) }
        }
    }

    private func lines(_ offer: DeliveryOffer) -> [String] {
        var lines = [offer.details, DeliveryWords.promise(of: offer) ?? ""]
        if let location = offer.location {
            lines.append(([location.title] + location.address).joined(separator: ", "))
            // Where there are windows, they say when.
            if !offer.needsWindow {
                lines += location.hours.map { hours in
                    "\(DeliveryWords.name(hours.weekday)) \(hours.opens)–\(hours.closes)"
                }
            }
            lines.append(location.note)
        }
        return lines.filter { !$0.isEmpty }
    }

    private func windows(_ offer: DeliveryOffer) -> HTML {
        let name = CheckoutForm.windowField(offer.id)
        let error = faults.first { $0.field == name }?.sentence
        let days = Dictionary(grouping: quote.windows[offer.id] ?? [], by: \.window.date).sorted { $0.key < $1.key }
        return div(.class("field"), .data("field", name)) {
            label(.for(name)) { span(.data("label")) { "When: \(offer.title)" } }
            select(
                .id(name), .name(name), .class("input"), .aria("invalid", error == nil ? nil : "true"),
                .aria("describedby", error == nil ? nil : "\(name)-error")
            ) {
                option(.value("")) { "Choose a time" }
                for day in days {
                    optgroup(.label(DeliveryWords.day(day.key))) {
                        for window in day.value { choice(window, of: offer) }
                    }
                }
            }
            if let error { p(.class("error"), .id("\(name)-error")) { error } }
        }
    }

    private func choice(_ offered: DeliveryQuote.OfferedWindow, of offer: DeliveryOffer) -> HTML {
        let window = offered.window
        let times = DeliveryWords.times(from: window.startsAt, to: window.endsAt, in: quote.timeZone)
        let rest =
            switch offered.available {
            case 0: ", full"
            case 1...3: ", \(offered.available) left"
            default: ""
            }
        // The day again: a select that is closed shows nothing of its groups.
        return option(
            .value(window.id), .selected(form.windows[offer.id] == window.id),
            .disabled(offered.available == 0 && form.windows[offer.id] != window.id)
        ) { "\(DeliveryWords.day(window.date)), \(times)\(rest)" }
    }

    private func note(_ withheld: WithheldDelivery) -> HTML {
        let minimum = withheld.minimumMinorUnits.map { " It begins at \(money($0).text)." } ?? ""
        return p(.class("hint")) { "\(withheld.title): \(DeliveryQuote.sentence(withheld.reason))\(minimum)" }
    }

    private func money(_ minorUnits: Int64) -> Money {
        // ignored: prices of deliveries are within limits
        (try? Money(minorUnits, currency)) ?? .zero(currency)
    }
}
