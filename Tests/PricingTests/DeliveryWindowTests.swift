import Pricing
import Primitives
import Testing

struct DeliveryWindowTests {
    private func store(_ zone: String, _ schedule: WindowSchedule) -> DeliverySettings {
        settings(
            DeliveryOption(
                id: "local", title: "Local", kind: .local, area: LocalArea(country: "GB", postalCodes: ["EH*"]),
                schedule: schedule), zone: zone)
    }

    private func slot(_ weekday: Weekday, _ starts: String, _ ends: String, _ capacity: Int = 5) throws
        -> WindowSchedule.Slot
    {
        WindowSchedule.Slot(weekday: weekday, starts: try .at(starts), ends: try .at(ends), capacity: capacity)
    }

    private func times(_ windows: [DeliveryWindow]) -> [String] { windows.map { "\($0.startsAt)–\($0.endsAt)" } }

    /// Berlin leaps from 02:00 to 03:00 on 2026-03-29 and doubles 02:00 to 03:00 on 2026-10-25; New York leaps on
    /// 2026-03-08 and doubles 01:00 to 02:00 on 2026-11-01.
    @Test(arguments: [
        ("Europe/Berlin", "2026-03-29", "01:00", "02:00", "2026-03-29T00:00:00Z–2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "2026-03-29", "02:00", "03:00", ""),
        ("Europe/Berlin", "2026-03-29", "02:30", "03:30", "2026-03-29T01:00:00Z–2026-03-29T01:30:00Z"),
        ("Europe/Berlin", "2026-03-29", "01:30", "02:30", "2026-03-29T00:30:00Z–2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "2026-03-29", "10:00", "12:00", "2026-03-29T08:00:00Z–2026-03-29T10:00:00Z"),
        ("Europe/Berlin", "2026-03-28", "10:00", "12:00", "2026-03-28T09:00:00Z–2026-03-28T11:00:00Z"),
        ("Europe/Berlin", "2026-10-25", "02:00", "03:00", "2026-10-25T00:00:00Z–2026-10-25T02:00:00Z"),
        ("Europe/Berlin", "2026-10-25", "22:00", "24:00", "2026-10-25T21:00:00Z–2026-10-25T23:00:00Z"),
        ("America/New_York", "2026-03-08", "02:00", "03:00", ""),
        ("America/New_York", "2026-03-08", "02:15", "04:00", "2026-03-08T07:00:00Z–2026-03-08T08:00:00Z"),
        ("America/New_York", "2026-11-01", "01:30", "02:30", "2026-11-01T05:30:00Z–2026-11-01T07:30:00Z"),
        ("America/New_York", "2026-11-01", "00:00", "24:00", "2026-11-01T04:00:00Z–2026-11-02T05:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-04", "02:00", "02:30", ""),
        ("Asia/Kathmandu", "2026-05-05", "09:00", "10:00", "2026-05-05T03:15:00Z–2026-05-05T04:15:00Z"),
    ])
    func `a window stands where the clock on the wall shows it`(
        _ zone: String, _ day: String, _ starts: String, _ ends: String, _ expected: String
    ) throws {
        let date = try CivilDate.on(day)
        let all = store(zone, WindowSchedule(slots: [try slot(date.weekday, starts, ends)]))
        #expect(times(all.windows(on: date)) == (expected.isEmpty ? [] : [expected]))
    }

    @Test
    func `every moment of the days around a leap goes to the wall and back`() throws {
        for (zone, day) in [("Europe/Berlin", "2026-03-29"), ("America/New_York", "2026-11-01")] {
            let clock = try #require(StoreClock(zone))
            let date = try CivilDate.on(day)
            for minutes in stride(from: 0, to: 1440, by: 5) {
                let time = try #require(TimeOfDay(minutes: minutes))
                let moment = clock.moment(date, time)
                let isSkipped = zone == "Europe/Berlin" && (120..<180).contains(minutes)
                #expect(clock.time(moment).minutes == (isSkipped ? 180 : minutes))
                #expect(clock.date(moment) == date)
            }
        }
    }

    @Test
    func `two windows that a leap lets begin at once are one`() throws {
        let all = store(
            "Europe/Berlin",
            WindowSchedule(slots: [try slot(.sunday, "02:00", "03:30"), try slot(.sunday, "02:30", "04:00")]))
        #expect(times(all.windows(on: try .on("2026-03-29"))) == ["2026-03-29T01:00:00Z–2026-03-29T01:30:00Z"])
    }

    @Test
    func `windows are offered from the lead time on, for so many days, without closing days`() throws {
        var all = store(
            "Europe/London",
            WindowSchedule(
                slots: [
                    try slot(.thursday, "10:00", "12:00"), try slot(.thursday, "16:00", "18:00"),
                    try slot(.friday, "10:00", "12:00"), try slot(.saturday, "10:00", "12:00"),
                ], leadMinutes: 120, daysAhead: 7))
        all.closings = [.init(from: try .on("2026-01-16"), to: try .on("2026-01-16"))]
        // A Thursday, 14:00 in London.
        let now = try Instant.at("2026-01-15T14:00:00Z")
        let starts = all.windows(of: "local", at: now, limit: 50).map(\.startsAt.description)
        #expect(
            starts == [
                "2026-01-15T16:00:00Z", "2026-01-17T10:00:00Z", "2026-01-22T10:00:00Z", "2026-01-22T16:00:00Z",
            ])
        let late = try Instant.at("2026-01-15T14:00:00.000001Z")
        #expect(all.windows(of: "local", at: late, limit: 1).first?.startsAt.description == "2026-01-17T10:00:00Z")
        let after = try Instant.at("2026-01-17T10:00:00Z")
        #expect(all.windows(of: "local", at: now, after: after, limit: 1).map(\.startsAt.description) == [starts[2]])
        #expect(all.windows(of: "nothing", at: now, limit: 9).isEmpty)
    }

    @Test
    func `a cut-off closes the windows of a day at a time of the day before`() throws {
        let all = store(
            "America/New_York",
            WindowSchedule(
                slots: [try slot(.friday, "09:00", "11:00"), try slot(.friday, "17:00", "19:00")],
                cutoff: .init(daysBefore: 1, time: try .at("18:00")), daysAhead: 3))
        let open = try Instant.at("2026-01-15T22:59:59Z")
        let closed = try Instant.at("2026-01-15T23:00:00Z")
        #expect(all.windows(of: "local", at: open, limit: 9).count == 2)
        #expect(all.windows(of: "local", at: closed, limit: 9).isEmpty)
        let key = WindowKey(method: "local", startsAt: try .at("2026-01-16T14:00:00Z"))
        #expect(all.window(key, at: open)?.capacity == 5)
        #expect(all.window(key, at: closed) == nil)
        #expect(all.window(WindowKey(method: "local", startsAt: try .at("2026-01-16T14:30:00Z")), at: open) == nil)
    }

    @Test
    func `each window that is offered is found by its name, also across the end of summer time`() throws {
        let slots = try Weekday.allCases.flatMap { [try slot($0, "01:30", "02:30"), try slot($0, "23:00", "24:00")] }
        for zone in ["Europe/Berlin", "America/New_York", "Pacific/Auckland"] {
            let all = store(zone, WindowSchedule(slots: slots, daysAhead: 30))
            for moment in ["2026-03-01T12:00:00Z", "2026-10-20T12:00:00Z"] {
                let now = try Instant.at(moment)
                let windows = all.windows(of: "local", at: now, limit: 1000)
                #expect(windows.count >= 59)
                #expect(
                    windows.allSatisfy { window in
                        WindowKey(window.id).flatMap { all.window($0, at: now) } == window
                    })
                #expect(zip(windows, windows.dropFirst()).allSatisfy { $0.startsAt < $1.startsAt })
            }
        }
    }

    @Test(arguments: ["", "local", "local.", ".1", "local.01", "local.-1", "local.1.2", "local.99999999999999", "a.1 "])
    func `what names no window is none`(_ text: String) {
        #expect(WindowKey(text) == nil)
    }
}
