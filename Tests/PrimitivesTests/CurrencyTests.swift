import Primitives
import Testing

@Suite struct CurrencyTests {
    /// ISO 4217, list one: every active currency by the decimals of its minor unit.
    private static let decimals: [Int: String] = [
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
        2: """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC \
        CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR \
        JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD \
        NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN \
        SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
        """,
        3: "BHD IQD JOD KWD LYD OMR TND",
    ]

    @Test func `each currency of ISO 4217 has its exponent`() {
        var codes: [String] = []
        for (exponent, list) in Self.decimals {
            for code in list.split(separator: " ").map(String.init) {
                #expect(Currency(code)?.exponent == exponent, "\(code)")
                codes.append(code)
            }
        }
        #expect(codes.sorted() == Currency.codes)
    }

    @Test(arguments: ["", "usd", "US", "USDD", "XXX", "XTS", "XAU", "USD ", "ＵＳＤ", "US\u{0}", "UЅD"])
    func `what is no active currency is refused`(_ code: String) {
        #expect(Currency(code) == nil)
    }

    @Test func `a code that only looks like one is none`() {
        #expect(Currency("\u{212A}WD") == nil)
    }
}
