/// A whole number of any size that is not negative: digits to the base of a million, the lowest first.
struct Whole: Comparable {
    var digits: [Int]

    init(_ value: Int) {
        digits = []
        var rest = value
        while rest > 0 {
            digits.append(rest % 1_000_000)
            rest /= 1_000_000
        }
    }

    static func + (left: Whole, right: Whole) -> Whole {
        var sum = Whole(0)
        var carry = 0
        for index in 0..<max(left.digits.count, right.digits.count) + 1 {
            let value = left[index] + right[index] + carry
            sum.digits.append(value % 1_000_000)
            carry = value / 1_000_000
        }
        return sum.trimmed
    }

    /// The right one is not larger.
    static func - (left: Whole, right: Whole) -> Whole {
        var rest = Whole(0)
        var borrow = 0
        for index in 0..<left.digits.count {
            let value = left[index] - right[index] - borrow
            rest.digits.append((value + 1_000_000) % 1_000_000)
            borrow = value < 0 ? 1 : 0
        }
        return rest.trimmed
    }

    static func * (left: Whole, right: Whole) -> Whole {
        var product = Whole(0)
        product.digits = Array(repeating: 0, count: left.digits.count + right.digits.count + 1)
        for (place, digit) in left.digits.enumerated() {
            for (other, factor) in right.digits.enumerated() { product.digits[place + other] += digit * factor }
        }
        for place in 0..<product.digits.count - 1 {
            product.digits[place + 1] += product.digits[place] / 1_000_000
            product.digits[place] %= 1_000_000
        }
        return product.trimmed
    }

    static func < (left: Whole, right: Whole) -> Bool {
        if left.digits.count != right.digits.count { return left.digits.count < right.digits.count }
        return left.digits.reversed().lexicographicallyPrecedes(right.digits.reversed())
    }

    /// How often the divisor fits in, found by bringing it closer from above and below.
    func divided(by divisor: Whole) -> Int {
        var (low, high) = (0, 1)
        while divisor * Whole(high) <= self { high *= 2 }
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if divisor * Whole(middle) <= self { low = middle } else { high = middle }
        }
        return low
    }

    private subscript(place: Int) -> Int { place < digits.count ? digits[place] : 0 }

    private var trimmed: Whole {
        var copy = self
        while copy.digits.last == 0 { copy.digits.removeLast() }
        return copy
    }
}

/// A fraction that is not negative, never shortened.
struct Fraction {
    let top: Whole
    let bottom: Whole

    init(_ top: Int, _ bottom: Int = 1) {
        self.top = Whole(top)
        self.bottom = Whole(bottom)
    }

    init(_ top: Whole, _ bottom: Whole) {
        self.top = top
        self.bottom = bottom
    }

    static func + (left: Fraction, right: Fraction) -> Fraction {
        Fraction(left.top * right.bottom + right.top * left.bottom, left.bottom * right.bottom)
    }

    static func * (left: Fraction, right: Fraction) -> Fraction {
        Fraction(left.top * right.top, left.bottom * right.bottom)
    }

    static func / (left: Fraction, right: Fraction) -> Fraction {
        Fraction(left.top * right.bottom, left.bottom * right.top)
    }

    /// To the nearest whole, halves up: there is nothing below zero here.
    var rounded: Int { (top * Whole(2) + bottom).divided(by: bottom * Whole(2)) }

    /// What is left of it beyond the whole.
    var floor: Int { top.divided(by: bottom) }

    static func isGreater(_ left: Fraction, _ right: Fraction) -> Bool {
        right.top * left.bottom < left.top * right.bottom
    }
}
