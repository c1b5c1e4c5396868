import Configuration
public import FoundationEssentials

extension Settings {
    /// Reads the settings from the environment and from the file that it names.
    ///
    /// Unknown names, malformed values and missing ones are collected in `faults`, so that the readiness check can
    /// report them all; everything else calls `requireSound` first.
    /// - Throws: `SettingFault` when not even the database is known.
    public static func load(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws(SettingFault) -> Settings {
        let read = try await SettingList.read(environment: environment)
        return try Settings(entries: read.entries, faults: read.faults)
    }
}

/// Every setting with what is wrong, also when not even the database is known.
public struct SettingList: Sendable {
    let entries: [SettingEntry]
    /// In the order of the catalogue, unknown names last.
    public let faults: [SettingFault]

    /// Reads the settings from the environment and from the file that it names.
    /// - Throws: `SettingFault` when the file cannot be read.
    public static func read(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws(SettingFault) -> SettingList {
        var faults: [SettingFault] = []
        var lines: [String: String] = [:]
        let path = environment[SettingCatalogue.file.name]
        if let path, !path.isEmpty {
            lines = try SettingsFile.read(path, faults: &faults)
        }
        let variables = environment.filter { $0.key.hasPrefix("SHIPSHAPE_") }
        let first = EnvironmentVariablesProvider(environmentVariables: variables)
        let second = EnvironmentVariablesProvider(environmentVariables: lines)
        let reader = ConfigReader(providers: [first, second])
        let entries = SettingCatalogue.all.map { setting in
            let value = reader.string(forKey: ConfigKey([setting.name]), isSecret: setting.isSecret)
            let source: SettingSource =
                variables[setting.name] != nil
                ? .environment : value != nil ? .file : setting.standard != nil ? .standard : .unset
            return SettingEntry(setting: setting, value: value ?? setting.standard, source: source)
        }
        faults += Self.faults(in: entries)
        faults += Set(variables.keys).union(lines.keys).sorted().compactMap(Self.unknown)
        return SettingList(entries: entries, faults: faults)
    }

    private static func faults(in entries: [SettingEntry]) -> [SettingFault] {
        let isProduction = entries.contains {
            $0.setting == SettingCatalogue.environment && $0.value == "production"
        }
        let single = entries.compactMap { entry -> SettingFault? in
            let name = entry.setting.name
            guard let value = entry.value else {
                guard isProduction, entry.setting.isRequiredInProduction else { return nil }
                return SettingFault(name, "\(name) is required in production: \(entry.setting.kind.description).")
            }
            // Tokens signed with a key that anyone would try first open every order.
            if isProduction, entry.setting.kind == .key, Placeholder.isOne(entry) {
                return SettingFault(name, "\(name) is no random key: make one with `openssl rand -base64 32`.")
            }
            guard !entry.setting.kind.accepts(value) else { return nil }
            if value.isEmpty {
                return SettingFault(
                    name, "\(name) is empty: leave it out, or give it \(entry.setting.kind.description).")
            }
            // A malformed secret is still a secret, and so may be a malformed address.
            let isShown = !entry.setting.isSecret && ![.databaseURL, .postgresURL].contains(entry.setting.kind)
            let what = isShown ? "\(name) is \"\(value.prefix(100))\"" : "The value of \(name) is malformed"
            return SettingFault(name, "\(what): it has to be \(entry.setting.kind.description).")
        }
        return single + Settings.mailFaults(in: entries, isProduction: isProduction)
            + (isProduction ? Settings.rehearsalFaults(in: entries) : [])
            + Settings.imageFaults(in: entries, isProduction: isProduction)
    }

    private static func unknown(_ name: String) -> SettingFault? {
        guard !SettingCatalogue.foreign.contains(name) else { return nil }
        let names = SettingCatalogue.all.map(\.name)
        guard !names.contains(name) else { return nil }
        let nearest = names.min { EditDistance.between($0, name) < EditDistance.between($1, name) } ?? names[0]
        return SettingFault(name, "There is no setting \(name.prefix(100)); the nearest is \(nearest).")
    }
}

/// A file of lines `NAME=value`; `#` begins a comment line.
///
/// Read here and not by swift-configuration, which passes over malformed and doubled lines in silence.
enum SettingsFile {
    /// Names without our prefix belong to others and are passed over.
    static func read(_ path: String, faults: inout [SettingFault]) throws(SettingFault) -> [String: String] {
        let name = SettingCatalogue.file.name
        guard let data = FileManager.default.contents(atPath: path) else {
            throw SettingFault(name, "The settings file \(path) that \(name) names cannot be read.")
        }
        guard data.count <= 1 << 20, let text = String(validating: data, as: UTF8.self) else {
            throw SettingFault(name, "The settings file \(path) is not a text in UTF-8 of at most 1 MiB.")
        }
        var values: [String: String] = [:]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = line.trimmed
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let equals = line.firstIndex(of: "="), equals != line.startIndex else {
                faults.append(SettingFault(path, "Line \(index + 1) of \(path) is not NAME=value."))
                continue
            }
            let key = line[..<equals].trimmed
            guard key.hasPrefix("SHIPSHAPE_") else { continue }
            var value = line[line.index(after: equals)...].trimmed
            if value.count >= 2, let quote = value.first, quote == "\"" || quote == "'", value.last == quote {
                value = value.dropFirst().dropLast()
            }
            if key == name {
                faults.append(SettingFault(name, "\(name) in the settings file itself leads nowhere."))
            } else if values.updateValue(String(value), forKey: String(key)) != nil {
                faults.append(SettingFault(String(key), "\(key) stands twice in \(path)."))
            }
        }
        return values
    }
}

/// How many letters have to change to make one name of another (Levenshtein).
enum EditDistance {
    static func between(_ left: String, _ right: String) -> Int {
        let right = Array(right.utf8)
        var row = Array(0...right.count)
        for (index, letter) in left.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let above = row[column + 1]
                row[column + 1] = min(above + 1, row[column] + 1, diagonal + (letter == other ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}

extension StringProtocol where SubSequence == Substring {
    fileprivate var trimmed: Substring {
        var view = self[...]
        while let first = view.first, first.isWhitespace { view = view.dropFirst() }
        while let last = view.last, last.isWhitespace { view = view.dropLast() }
        return view
    }
}
