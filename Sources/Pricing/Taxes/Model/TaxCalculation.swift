public import Primitives

extension TaxSettings {
    /// Taxes a basket.
    ///
    /// A price that includes tax stays what it is wherever the goods go: the tax of the buyer's zone is what is inside.
    /// A buyer who is not to be taxed is charged such a price without it, unit by unit. Each tax of each line is
    /// rounded by itself, halves away from zero.
    /// - Throws: `money.out_of_range`.
    public func tax(_ basket: TaxBasket) throws(Problem) -> TaxedBasket {
        let zone = zone(of: basket.buyer.address)
        let offersReverseCharge = zone?.reverseCharge == true && basket.buyer.address.country != basket.home
        return try TaxCalculation(
            settings: self, zone: zone, postalCode: basket.buyer.address.postalCode,
            isIncluded: zone?.pricesIncludeTax ?? pricesIncludeTax,
            treatment: treatment(of: basket, offersReverseCharge), offersReverseCharge: offersReverseCharge
        ).run(basket)
    }

    private func treatment(of basket: TaxBasket, _ offersReverseCharge: Bool) -> TaxTreatment {
        if basket.buyer.exemption != nil { return .exempt }
        guard offersReverseCharge, let number = basket.buyer.number,
            number.covers(basket.buyer.address.country), number.country != basket.home
        else { return .taxed }
        return .reverseCharge
    }
}

/// Taxes one basket in one zone.
private struct TaxCalculation {
    let settings: TaxSettings
    let zone: TaxZone?
    let postalCode: String
    let isIncluded: Bool
    let treatment: TaxTreatment
    let offersReverseCharge: Bool

    func run(_ basket: TaxBasket) throws(Problem) -> TaxedBasket {
        var lines: [TaxedBasket.Line] = []
        // What each class is worth after discounts, in the order in which the classes come.
        var worth: [(taxClass: String?, amount: Int64)] = []
        for line in basket.lines {
            let rates = rates(for: line.taxClass)
            let total = try line.unitPrice.multiplied(by: line.quantity)
            let net = try total.subtracting(line.discount)
            lines.append(try taxed(line, net: net, by: rates))
            if let index = worth.firstIndex(where: { $0.taxClass == line.taxClass }) {
                worth[index].amount = try Money(worth[index].amount, net.currency).adding(net).amount
            } else {
                worth.append((line.taxClass, net.amount))
            }
        }
        let (delivery, deliveryTaxes) = try delivery(basket.delivery, worth: worth)
        return TaxedBasket(
            lines: lines, delivery: delivery, deliveryTaxes: deliveryTaxes,
            taxesIncluded: isIncluded && treatment == .taxed, treatment: treatment,
            offersReverseCharge: offersReverseCharge)
    }

    private func taxed(_ line: TaxBasket.Line, net: Money, by rates: RateStack) throws(Problem) -> TaxedBasket.Line {
        guard treatment == .taxed else {
            let unitPrice = try withoutTax(line.unitPrice, rates)
            guard line.discount.amount > 0 else {
                return TaxedBasket.Line(unitPrice: unitPrice, discount: line.discount, taxes: [])
            }
            // So that a line that is given away costs nothing here, too.
            let total = try unitPrice.multiplied(by: line.quantity)
            let paid = try withoutTax(net, rates)
            let discount = paid.amount < total.amount ? try total.subtracting(paid) : .zero(total.currency)
            return TaxedBasket.Line(unitPrice: unitPrice, discount: discount, taxes: [])
        }
        return TaxedBasket.Line(
            unitPrice: line.unitPrice, discount: line.discount, taxes: try taxes(on: net, rates))
    }

    /// The delivery's price for this buyer, and its taxes, those of one title and rate taken together.
    private func delivery(
        _ price: Money, worth: [(taxClass: String?, amount: Int64)]
    ) throws(Problem) -> (Money, [AppliedTax]) {
        guard price.amount != 0 else { return (price, []) }
        var left = price
        var taxes: [AppliedTax] = []
        for (taxClass, part) in try parts(of: price, worth: worth) {
            let rates = RateStack(rates(for: taxClass).rates.filter(\.taxesDelivery))
            guard treatment == .taxed else {
                left = try left.subtracting(part).adding(withoutTax(part, rates))
                continue
            }
            for tax in try self.taxes(on: part, rates) {
                let same = taxes.firstIndex { $0.title == tax.title && $0.partsPerMillion == tax.partsPerMillion }
                guard let same else {
                    taxes.append(tax)
                    continue
                }
                taxes[same] = AppliedTax(
                    title: tax.title, partsPerMillion: tax.partsPerMillion,
                    amount: try taxes[same].amount.adding(tax.amount))
            }
        }
        return (left, taxes)
    }

    private func parts(
        of price: Money, worth: [(taxClass: String?, amount: Int64)]
    ) throws(Problem) -> [(taxClass: String?, part: Money)] {
        switch settings.delivery {
        case .untaxed: return [(nil, price)]
        case .taxClass(let code): return [(code, price)]
        case .goods:
            // Goods that cost nothing say nothing about their delivery.
            guard worth.contains(where: { $0.amount > 0 }) else { return [(TaxClass.standard, price)] }
            let shares = try price.allocated(by: worth.map { max(0, $0.amount) })
            return zip(worth, shares).map { ($0.0.taxClass, $0.1) }
        }
    }

    private func taxes(on amount: Money, _ rates: RateStack) throws(Problem) -> [AppliedTax] {
        let amounts = isIncluded ? rates.inside(amount.amount) : rates.added(to: amount.amount)
        var taxes: [AppliedTax] = []
        for (rate, tax) in zip(rates.rates, amounts) {
            taxes.append(
                AppliedTax(
                    title: rate.title, partsPerMillion: rate.partsPerMillion, amount: try Money(tax, amount.currency)))
        }
        return taxes
    }

    /// A price that includes taxes, without them; another as it is.
    private func withoutTax(_ price: Money, _ rates: RateStack) throws(Problem) -> Money {
        guard isIncluded else { return price }
        var net = price
        for tax in rates.inside(price.amount) { net = try net.subtracting(Money(tax, price.currency)) }
        return net
    }

    /// The rates of a class here: its own, or those of the class that it falls back to.
    private func rates(for taxClass: String?) -> RateStack {
        guard let zone, var code = taxClass else { return RateStack([]) }
        for _ in 0...settings.classes.count + TaxClass.builtIn.count {
            let rates = zone.rates.filter { $0.classes.contains(code) }
            if !rates.isEmpty {
                return RateStack(
                    rates.filter { rate in
                        rate.postalCodes.isEmpty || rate.postalCodes.contains { $0.matches(postalCode) }
                    })
            }
            let next = settings.taxClass(code).fallback
            if next == code { break }
            code = next
        }
        return RateStack([])
    }
}

extension TaxSettings {
    /// A class by its code; what is not known is standard, so that nothing goes untaxed by a slip.
    public func taxClass(_ code: String) -> TaxClass {
        (classes + TaxClass.builtIn).first { $0.code == code } ?? TaxClass.builtIn[0]
    }

    /// Every class: the store's own after those that every store has.
    public var allClasses: [TaxClass] {
        TaxClass.builtIn.map { own in classes.first { $0.code == own.code } ?? own }
            + classes.filter { own in !TaxClass.builtIn.contains { $0.code == own.code } }
    }
}
