/// An ISO 4217 currency and the number of decimals of its minor unit.
///
/// Source: ISO 4217, list one. Funds codes, metals and test codes are left out.
public struct Currency: Hashable, Sendable, CustomStringConvertible {
    /// Three upper-case letters.
    public let code: String

    /// Looks an active currency up by its upper-case code; nil when there is none.
    public init?(_ code: String) {
        // By bytes too: Swift's own comparison takes the Kelvin sign for a K.
        guard code.utf8.count == 3, Self.exponents[code] != nil else { return nil }
        self.code = code
    }

    /// Decimals of the minor unit: 0 (JPY), 2 (USD) or 3 (KWD).
    public var exponent: Int { Self.exponents[code] ?? 2 }

    public var description: String { code }

    /// Every code, sorted.
    public static let codes: [String] = exponents.keys.sorted()

    private static let exponents: [String: Int] = {
        let none = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
        let three = "BHD IQD JOD KWD LYD OMR TND"
        let two = """
            AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY \
            COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF \
            IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR \
            MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG \
            SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES \
            WST XCD XCG YER ZAR ZMW ZWG
            """
        var exponents: [String: Int] = [:]
        for (codes, exponent) in [(none, 0), (two, 2), (three, 3)] {
            for code in codes.split(separator: " ") { exponents[String(code)] = exponent }
        }
        return exponents
    }()
}
