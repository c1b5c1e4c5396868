import Pricing
import Primitives

/// Taxes as one would do them by hand, with fractions, and nothing of the engine but its settings.
struct TaxModel {
    struct Tax: Hashable {
        let title: String
        let rate: Int
        var amount: Int
    }

    struct Outcome: Hashable {
        var lines: [[Tax]] = []
        var unitPrices: [Int] = []
        var delivery: [Tax] = []
        var deliveryPrice = 0
        var total = 0
    }

    let settings: TaxSettings

    func outcome(of basket: TaxBasket) -> Outcome {
        let address = basket.buyer.address
        let zone = zone(address)
        let isIncluded = zone?.pricesIncludeTax ?? settings.pricesIncludeTax
        let isTaxed = basket.buyer.exemption == nil && !reverses(basket, zone)
        var outcome = Outcome()
        var values: [(String?, Int)] = []
        for line in basket.lines {
            let rates = rates(line.taxClass, zone, address.postalCode)
            let (unit, discount) = (Int(line.unitPrice.amount), Int(line.discount.amount))
            let paid = unit * line.quantity - discount
            let taxes = isTaxed ? taxes(paid, rates, isIncluded) : []
            let net = isTaxed || !isIncluded ? unit : unit - sum(self.taxes(unit, rates, true))
            outcome.lines.append(taxes)
            outcome.unitPrices.append(net)
            if isTaxed {
                outcome.total += paid + (isIncluded ? 0 : sum(taxes))
            } else if discount == 0 || !isIncluded {
                outcome.total += net * line.quantity - discount
            } else {
                outcome.total += min(net * line.quantity, paid - sum(self.taxes(paid, rates, true)))
            }
            if let known = values.firstIndex(where: { $0.0 == line.taxClass }) {
                values[known].1 += paid
            } else {
                values.append((line.taxClass, paid))
            }
        }
        for (taxClass, part) in parts(Int(basket.delivery.amount), values) {
            let rates = rates(taxClass, zone, address.postalCode).filter(\.taxesDelivery)
            let taxes = taxes(part, rates, isIncluded)
            if basket.delivery.amount == 0 { continue }
            outcome.deliveryPrice += isTaxed || !isIncluded ? part : part - sum(taxes)
            guard isTaxed else { continue }
            if !isIncluded { outcome.total += sum(taxes) }
            for tax in taxes {
                if let same = outcome.delivery.firstIndex(where: { $0.title == tax.title && $0.rate == tax.rate }) {
                    outcome.delivery[same].amount += tax.amount
                } else {
                    outcome.delivery.append(tax)
                }
            }
        }
        outcome.total += outcome.deliveryPrice
        return outcome
    }

    /// How the buyer is treated, in the words of orders.
    func treatment(of basket: TaxBasket) -> String {
        if basket.buyer.exemption != nil { return "exempt" }
        return reverses(basket, zone(basket.buyer.address)) ? "reverse_charge" : "taxed"
    }

    /// Whether prices include the tax at an address.
    func isIncluded(at address: TaxAddress) -> Bool { zone(address)?.pricesIncludeTax ?? settings.pricesIncludeTax }

    private func sum(_ taxes: [Tax]) -> Int { taxes.reduce(0) { $0 + $1.amount } }

    private func reverses(_ basket: TaxBasket, _ zone: TaxZone?) -> Bool {
        guard let number = basket.buyer.number, zone?.reverseCharge == true else { return false }
        let (from, to) = (number.description.prefix(2), basket.buyer.address.country)
        let members = """
            AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK
            """.split(separator: " ").map(String.init)
        let giver = from == "EL" ? "GR" : String(from)
        if to == basket.home || giver == basket.home { return false }
        return members.contains(to) ? members.contains(giver) || giver == "XI" : giver == to
    }

    private func zone(_ address: TaxAddress) -> TaxZone? {
        // From the closest fit to the loosest, and for each the first zone.
        let fits: [(TaxPlace) -> Bool] = [
            { !$0.regions.isEmpty && !$0.postalCodes.isEmpty }, { $0.regions.isEmpty && !$0.postalCodes.isEmpty },
            { !$0.regions.isEmpty && $0.postalCodes.isEmpty },
            { $0.regions.isEmpty && $0.postalCodes.isEmpty && $0.country != "*" }, { $0.country == "*" },
        ]
        for fit in fits {
            for zone in settings.zones where zone.places.contains(where: { fit($0) && covers($0, address) }) {
                return zone
            }
        }
        return nil
    }

    private func covers(_ place: TaxPlace, _ address: TaxAddress) -> Bool {
        (place.country == "*" || place.country == address.country)
            && (place.regions.isEmpty || place.regions.contains(address.region))
            && (place.postalCodes.isEmpty || place.postalCodes.contains { $0.matches(address.postalCode) })
    }

    private func rates(_ taxClass: String?, _ zone: TaxZone?, _ postalCode: String) -> [TaxRate] {
        guard let zone, let taxClass, taxClass != "zero" else { return [] }
        let own = zone.rates.filter { $0.classes.contains(taxClass) }
        guard own.isEmpty else {
            let here = own.filter { rate in
                rate.postalCodes.isEmpty || rate.postalCodes.contains { $0.matches(postalCode) }
            }
            return (1...9).flatMap { priority in here.filter { $0.priority == priority } }
        }
        guard taxClass != "standard" else { return [] }
        let fallback = settings.classes.first { $0.code == taxClass }?.fallback ?? "standard"
        return rates(fallback, zone, postalCode)
    }

    private func taxes(_ amount: Int, _ rates: [TaxRate], _ isIncluded: Bool) -> [Tax] {
        isIncluded ? inside(amount, rates) : added(amount, rates)
    }

    private func added(_ net: Int, _ rates: [TaxRate]) -> [Tax] {
        var taxes: [(Tax, Int)] = []
        for rate in rates {
            var base = net
            if rate.isCompound { for (tax, priority) in taxes where priority < rate.priority { base += tax.amount } }
            let amount = (Fraction(base) * Fraction(rate.partsPerMillion, 1_000_000)).rounded
            taxes.append((Tax(title: rate.title, rate: rate.partsPerMillion, amount: amount), rate.priority))
        }
        return taxes.map(\.0)
    }

    /// What each tax on one unit of money without tax would be, and its part of the whole.
    private func inside(_ gross: Int, _ rates: [TaxRate]) -> [Tax] {
        var onOne: [(TaxRate, Fraction)] = []
        var whole = Fraction(1)
        for rate in rates {
            var base = Fraction(1)
            if rate.isCompound { for (other, tax) in onOne where other.priority < rate.priority { base = base + tax } }
            let tax = base * Fraction(rate.partsPerMillion, 1_000_000)
            onOne.append((rate, tax))
            whole = whole + tax
        }
        return onOne.map { rate, tax in
            Tax(
                title: rate.title, rate: rate.partsPerMillion, amount: (Fraction(gross) * tax / whole).rounded)
        }
    }

    /// The delivery in parts: whole units first, then one more each where most is missing.
    private func parts(_ price: Int, _ values: [(String?, Int)]) -> [(String?, Int)] {
        switch settings.delivery {
        case .untaxed: return [(nil, price)]
        case .taxClass(let code): return [(code, price)]
        case .goods: break
        }
        let worth = values.reduce(0) { $0 + $1.1 }
        guard worth > 0 else { return [("standard", price)] }
        var parts = values.map { ($0.0, (Fraction(price) * Fraction($0.1, worth)).floor) }
        var missing = values.indices.map { index in
            (
                index,
                Fraction(Whole(price) * Whole(values[index].1) - Whole(parts[index].1) * Whole(worth), Whole(worth))
            )
        }
        while parts.reduce(0, { $0 + $1.1 }) < price {
            var most = 0
            for candidate in missing.indices where Fraction.isGreater(missing[candidate].1, missing[most].1) {
                most = candidate
            }
            parts[missing[most].0].1 += 1
            missing.remove(at: most)
        }
        return parts
    }
}
