public import FoundationEssentials
import Logging
import Persistence
public import Primitives

/// Looks for what is wrong with this machine, the settings and the data, and says how to mend it.
///
/// It changes nothing. Beside a running server it reads, and asks it over its socket for what only it knows; without
/// one it opens the database for reading. Whatever cannot be looked at is said, never passed over.
public struct Doctor: Sendable {
    let environment: [String: String]
    let host: String
    let port: Int
    let clock: any Clock

    /// - Parameters:
    ///   - environment: with the `SHIPSHAPE_*` variables.
    ///   - port: where `serve` listens, or would.
    public init(
        environment: [String: String] = ProcessInfo.processInfo.environment, host: String = "127.0.0.1",
        port: Int = 8080, clock: any Clock = SystemClock()
    ) {
        self.environment = environment
        self.host = host
        self.port = port
        self.clock = clock
    }

    /// How long one area may take. Looking through a database takes the longest.
    static let areaSeconds = 120.0

    /// - Parameter onArea: told what is looked at next, and how much is done.
    public func examine(
        onArea: @Sendable (_ area: Complaint.Area, _ done: Int, _ total: Int) async -> Void = { _, _, _ in }
    ) async -> DoctorReport {
        var chart = Chart()
        let areas = Complaint.Area.allCases
        func begin(_ area: Complaint.Area) async {
            await onArea(area, areas.firstIndex(of: area) ?? 0, areas.count)
        }
        await begin(.settings)
        guard let settings = await settings(&chart) else {
            await begin(.machine)
            chart.add(Machine.complaints(settings: nil))
            for area in [Complaint.Area.database, .schema, .data, .work, .outside] {
                chart.skip(area, "the settings do not say where the database is")
            }
            return chart.report
        }
        await begin(.machine)
        chart.add(Machine.complaints(settings: settings))
        await begin(.database)
        let logs = Logs(settings, quiet: true)
        let server = await runningServer(settings, logs: logs, &chart)
        if let patient = await open(settings, logs: logs, server: server, &chart) {
            await look(.database, &chart) { try await patient.engine() }
            await begin(.schema)
            await look(.schema, &chart) { try await patient.schema() }
            // Tables that are not there yet, or are another version's, say nothing about the data.
            let isReadable = (try? await patient.installation.migrationState())?.pending.isEmpty  // ignored: told above
            for area in [Complaint.Area.data, .work] {
                await begin(area)
                guard isReadable == true else {
                    chart.skip(area, "the database's schema is not this version's")
                    continue
                }
                await look(area, &chart) {
                    area == .data ? try await patient.data() : try await patient.work(serverRuns: server != nil)
                }
            }
            await begin(.outside)
            await look(.outside, &chart) { await patient.outside(isReadable: isReadable == true) }
            await patient.installation.database.close()
        } else {
            for area in [Complaint.Area.schema, .data, .work] { chart.skip(area, "the database cannot be read") }
            await begin(.outside)
        }
        await look(.outside, &chart) { await Neighbours(settings: settings, host: host, port: port).complaints() }
        return chart.report
    }

    private func settings(_ chart: inout Chart) async -> Settings? {
        do {
            let list = try await SettingList.read(environment: environment)
            chart.add(list.faults.map(Self.complaint))
            // Where the database is, is known as well when other settings are wrong.
            let settings = try Settings(entries: list.entries, faults: list.faults)
            chart.add(SettingContradictions(settings).complaints())
            return settings
        } catch {
            // A fault of the list has been said above.
            chart.addOnce(Self.complaint(error))
            return nil
        }
    }

    private static func complaint(_ fault: SettingFault) -> Complaint {
        Complaint(
            .error, .settings, fault.description, why: "No server starts with a setting that is not understood.",
            cure: "correct it where it is set; `shipshape settings` shows every setting and where its value came from")
    }

    /// What the server that runs on this machine says of itself; nil when none does.
    private func runningServer(_ settings: Settings, logs: Logs, _ chart: inout Chart) async -> JSON? {
        do {
            return try await Self.within(10) { try await Console(settings, logs: logs).askServer(.address) }
        } catch {
            chart.add([
                Complaint(
                    .error, .database,
                    "The running server does not answer on its socket: \(Refusal.sentence(for: error))",
                    why: "Verbs that change something go through it, and so do its jobs.",
                    cure: "look at its log, and restart it"
                )
            ])
            return nil
        }
    }

    private func open(_ settings: Settings, logs: Logs, server: JSON?, _ chart: inout Chart) async -> Patient? {
        if case .sqlite(let path) = settings.database {
            let found = DatabaseFile(path: path, serverRuns: server != nil, now: clock.now()).complaints()
            chart.add(found)
            if found.contains(where: { $0.severity == .error }) { return nil }
        }
        do {
            let installation = try Installation.open(settings, for: .read, clock: clock, logs: logs)
            do {
                _ = try await Self.within(30) { try await installation.database.appliedMigrations() }
            } catch {
                await installation.database.close()
                throw error
            }
            return Patient(
                installation: installation, console: server == nil ? nil : Console(settings, logs: logs),
                stripe: server?["stripe_address"]?.string, serverURL: server?["url"]?.string)
        } catch {
            chart.add([Self.unreadable(settings, error)])
            return nil
        }
    }

    private static func unreadable(_ settings: Settings, _ error: any Error) -> Complaint {
        let place = settings.database.description
        let cure =
            switch settings.database {
            case .sqlite(let path):
                "look at the file with `ls -l \(path)*`; when it is damaged, stop the server, keep a copy, and "
                    + "restore a backup, or save what can be read: "
                    + "sqlite3 \(path) .recover | sqlite3 \(path).recovered"
            case .postgres:
                "see that the server runs and lets this user in: psql \(place) -c 'SELECT 1'; "
                    + "the address is SHIPSHAPE_DATABASE_URL"
            }
        return Complaint(
            .error, .database, "The database \(place) cannot be read: \(Refusal.sentence(for: error))",
            why: "Without its database Shipshape takes no order.", cure: cure)
    }

    private func look(
        _ area: Complaint.Area, _ chart: inout Chart, _ work: @escaping @Sendable () async throws -> [Complaint]
    ) async {
        do {
            chart.add(try await Self.within(Self.areaSeconds, work))
        } catch {
            chart.skip(area, Refusal.sentence(for: error))
        }
    }

    /// - Throws: `Refusal` when it takes longer.
    static func within<Value: Sendable>(
        _ seconds: Double, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw Refusal("There was no answer within \(Int(seconds)) s.")
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}

/// What has been found so far.
private struct Chart {
    private var complaints: [Complaint] = []
    private var unexamined: [DoctorReport.Unexamined] = []

    var report: DoctorReport { DoctorReport(complaints: complaints, unexamined: unexamined) }

    mutating func add(_ found: [Complaint]) { complaints += found }

    mutating func addOnce(_ complaint: Complaint) {
        if !complaints.contains(complaint) { complaints.append(complaint) }
    }

    mutating func skip(_ area: Complaint.Area, _ reason: String) {
        unexamined.append(DoctorReport.Unexamined(area: area, reason: reason))
    }
}
