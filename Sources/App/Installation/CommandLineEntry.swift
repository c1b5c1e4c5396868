import Logging
import Observability
import Persistence
public import Primitives
import Readiness

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the verbs of the command line have in common.
extension Settings {
    /// The settings, which have to be right.
    /// - Throws: `SettingFault`.
    public static func loadSound() async throws(SettingFault) -> Settings {
        let settings = try await load()
        try settings.requireSound()
        return settings
    }
}

extension SettingList {
    /// For people, one setting after the other.
    public var listing: String {
        entries.map { entry in
            let setting = entry.setting
            var lines = [setting.name, "    \(setting.meaning)"]
            lines.append("    value    \(entry.shown ?? "none") (\(entry.source))")
            lines.append("    default  \(setting.standard ?? "none")")
            lines.append("    form     \(setting.kind.description)")
            if setting.isRequiredInProduction { lines.append("    required in production") }
            return lines.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    /// For programs.
    public var json: JSON {
        [
            "settings": .array(
                entries.map { entry in
                    [
                        "name": JSON(entry.setting.name), "meaning": JSON(entry.setting.meaning),
                        "default": JSON(entry.setting.standard), "value": JSON(entry.shown),
                        "source": JSON(entry.source.description), "form": JSON(entry.setting.kind.description),
                        "secret": .bool(entry.setting.isSecret),
                        "required_in_production": .bool(entry.setting.isRequiredInProduction),
                    ]
                }),
            "faults": .array(faults.map { ["name": JSON($0.name), "detail": JSON($0.description)] }),
        ]
    }
}

/// Where a process writes what it does: JSON lines on stderr.
public struct Logs: Sendable {
    let logger: Logger
    let accessLog: AccessLog

    /// - Parameter quiet: warnings and worse only, and no line for each request; for verbs that people watch.
    public init(_ settings: Settings, quiet: Bool = false) {
        let level = Logger.Level(rawValue: settings.logLevel) ?? .info
        let output = LogOutput()
        logger = Logger(label: "shipshape") { label in
            JSONLogHandler(label: label, output: output, level: quiet ? max(level, .warning) : level)
        }
        accessLog = quiet ? .none : AccessLog(output: output)
    }
}

extension Installation {
    /// Runs a verb and closes the database in every case.
    public func closing(_ body: (Installation) async throws -> Void) async throws {
        do {
            try await body(self)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }
}

extension Console {
    /// Carries a verb out with the settings of the environment.
    public static func perform(_ verb: ConsoleVerb, _ arguments: JSON) async throws -> JSON {
        let settings = try await Settings.loadSound()
        return try await Console(settings, logs: Logs(settings, quiet: true))
            .perform(verb, arguments)
    }
}
