import Foundation
import Primitives
import TestSupport
import Testing

@testable import App

@Suite struct SettingsTests {
    private static let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    @Test func `without any variable everything has its default`() async throws {
        let settings = try await Settings.load(environment: ["PATH": "/bin", "SHIPSHAPE_STRICT": "1"])
        #expect(settings.faults.isEmpty)
        #expect(settings.database == .sqlite(path: ".shipshape/shipshape.sqlite"))
        #expect(!settings.isProduction)
        #expect(settings.masterKey == nil)
        #expect(settings.writers == 24)
        #expect(settings.drainSeconds == 30)
        #expect(settings.entries.count == SettingCatalogue.all.count)
        #expect(settings.entries.allSatisfy { [.standard, .unset].contains($0.source) })
    }

    @Test func `the catalogue names each setting once and its defaults are valid`() {
        let names = SettingCatalogue.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.hasPrefix("SHIPSHAPE_") })
        for setting in SettingCatalogue.all {
            #expect(setting.meaning.hasSuffix(".") || setting.meaning.contains("openssl"), "\(setting.name)")
            if let standard = setting.standard { #expect(setting.kind.accepts(standard), "\(setting.name)") }
        }
    }

    @Test(arguments: [
        ("SHIPSHAPE_ENVIRONMENT", "prod"), ("SHIPSHAPE_ENVIRONMENT", ""), ("SHIPSHAPE_LOG_LEVEL", "INFO"),
        ("SHIPSHAPE_DATABASE_URL", "mysql://localhost/x"), ("SHIPSHAPE_DATABASE_WRITERS", "0"),
        ("SHIPSHAPE_DATABASE_WRITERS", "-1"), ("SHIPSHAPE_DATABASE_WRITERS", "1.5"),
        ("SHIPSHAPE_DATABASE_WRITERS", "99999999999999999999"), ("SHIPSHAPE_DATABASE_QUEUE", "ten"),
        ("SHIPSHAPE_STATEMENT_TIMEOUT_SECONDS", "nan"), ("SHIPSHAPE_STATEMENT_TIMEOUT_SECONDS", "0"),
        ("SHIPSHAPE_DRAIN_SECONDS", "31"), ("SHIPSHAPE_PUBLIC_URL", "shop.example"),
        ("SHIPSHAPE_PUBLIC_URL", "https://shop.example/path"), ("SHIPSHAPE_PUBLIC_URL", "ftp://shop.example"),
        ("SHIPSHAPE_PUBLIC_URL", "https://user@shop.example"), ("SHIPSHAPE_PUBLIC_URL", "https://shop.example:0"),
        ("SHIPSHAPE_MASTER_KEY", "c2hvcnQ="), ("SHIPSHAPE_MASTER_KEY", String(repeating: "g", count: 64)),
        ("SHIPSHAPE_TRUSTED_PROXIES", "10.0.0.1,"), ("SHIPSHAPE_TRUSTED_PROXIES", "10.0.0.256"),
        ("SHIPSHAPE_TRUSTED_PROXIES", "proxy"),
        ("SHIPSHAPE_LOG_LEVEL", "info\u{0}"), ("SHIPSHAPE_MAX_CONNECTIONS", "٣"),
    ])
    func `a malformed value is a fault that names its variable`(_ name: String, _ value: String) async throws {
        do {
            let settings = try await Settings.load(environment: [name: value])
            #expect(settings.faults.map(\.name) == [name])
            #expect(settings.faults.first?.description.contains(name) == true)
            #expect(throws: SettingFault.self) { try settings.requireSound() }
        } catch {
            // Without a database nothing can be said of the rest.
            #expect(name == "SHIPSHAPE_DATABASE_URL")
            #expect(error.name == name)
        }
    }

    @Test(arguments: [
        ("SHIPSHAPE_DATABSE_URL", "SHIPSHAPE_DATABASE_URL"), ("SHIPSHAPE_LOGLEVEL", "SHIPSHAPE_LOG_LEVEL"),
        ("SHIPSHAPE_DRAIN", "SHIPSHAPE_DRAIN_SECONDS"),
    ])
    func `an unknown variable is a fault that names the nearest known one`(
        _ name: String, _ nearest: String
    ) async throws {
        let settings = try await Settings.load(environment: [name: "x"])
        #expect(settings.faults.map(\.description) == ["There is no setting \(name); the nearest is \(nearest)."])
    }

    @Test(
        arguments: [
            ("sqlite:shop.sqlite", DatabaseLocation.sqlite(path: "shop.sqlite")),
            ("sqlite:/var/shop.sqlite", .sqlite(path: "/var/shop.sqlite")),
            ("sqlite:///var/shop.sqlite", .sqlite(path: "/var/shop.sqlite")),
            ("postgres://maya@db:5432/shop", .postgres(url: "postgres://maya@db:5432/shop")),
            ("postgresql://db/shop?sslmode=require", .postgres(url: "postgresql://db/shop?sslmode=require")),
            ("sqlite:", nil), ("sqlite://host/file", nil), ("sqlite:/folder/", nil), ("sqlite::memory:", nil),
            ("postgres://", nil), ("postgres:///shop", nil), ("postgres://db:99999/shop", nil), ("shop.sqlite", nil),
            ("", nil),
        ] as [(String, DatabaseLocation?)])
    func `a database is a file or a server`(_ text: String, _ expected: DatabaseLocation?) {
        #expect(DatabaseLocation(text) == expected)
    }

    @Test func `secrets are never shown`() async throws {
        let environment = [
            "SHIPSHAPE_MASTER_KEY": Self.key, "SHIPSHAPE_DATABASE_URL": "postgres://maya:geheim@db/shop?password=auch",
            "SHIPSHAPE_DATABASE_DIRECT_URL": "postgres//maya:geheim@db/shop",
        ]
        let settings = try await Settings.load(environment: environment)
        let list = try await SettingList.read(environment: environment)
        let shown = list.listing + list.json.description + list.faults.map(\.description).joined()
        for secret in [Self.key, "geheim", "auch"] { #expect(!shown.contains(secret)) }
        #expect(shown.contains("sha256:"))
        #expect(settings.masterKey?.count == 32)
    }

    @Test func `production asks for what it needs`() async throws {
        let bare = try await Settings.load(environment: ["SHIPSHAPE_ENVIRONMENT": "production"])
        #expect(bare.faults.map(\.name) == ["SHIPSHAPE_PUBLIC_URL", "SHIPSHAPE_MASTER_KEY"])
        let full = try await Settings.load(environment: [
            "SHIPSHAPE_ENVIRONMENT": "production", "SHIPSHAPE_PUBLIC_URL": "https://shop.maya.se/",
            "SHIPSHAPE_MASTER_KEY": Self.key,
        ])
        #expect(full.faults.isEmpty)
        #expect(full.publicURL == "https://shop.maya.se")
        let guessed = try await Settings.load(environment: [
            "SHIPSHAPE_ENVIRONMENT": "production", "SHIPSHAPE_PUBLIC_URL": "https://shop.maya.se/",
            "SHIPSHAPE_MASTER_KEY": String(repeating: "0", count: 64),
        ])
        #expect(
            guessed.faults.map(\.description) == [
                "SHIPSHAPE_MASTER_KEY is no random key: make one with `openssl rand -base64 32`."
            ])
        #expect(throws: SettingFault.self) { try guessed.requireSound() }
    }

    @Test(
        arguments: [
            (
                ["SHIPSHAPE_PUBLIC_URL": "http://shop.maya.se"],
                "SHIPSHAPE_PUBLIC_URL is http://shop.maya.se: in production buyers come over https:// only."
            ),
            (
                ["SHIPSHAPE_STRIPE_SECRET_KEY": "sk_test_51abc"],
                "SHIPSHAPE_STRIPE_SECRET_KEY is a key for tests, with which goods leave and no money comes: in "
                    + "production it has to be a live one."
            ),
            (["SHIPSHAPE_PUBLIC_URL": "http://127.0.0.1:8080", "SHIPSHAPE_STRIPE_SECRET_KEY": "sk_live_51abc"], nil),
        ] as [([String: String], String?)])
    func `production refuses what is for trying things out`(changed: [String: String], fault: String?) async throws {
        var environment = ["SHIPSHAPE_PUBLIC_URL": "https://shop.maya.se", "SHIPSHAPE_MASTER_KEY": Self.key]
        environment.merge(changed) { $1 }
        #expect(try await Settings.load(environment: environment).faults.isEmpty)
        environment["SHIPSHAPE_ENVIRONMENT"] = "production"
        let settings = try await Settings.load(environment: environment)
        #expect(settings.faults.map(\.description) == (fault.map { [$0] } ?? []))
    }

    @Test func `a file adds settings, and the environment goes before it`() async throws {
        let folder = try TestFolder.make()
        defer { removeFolder(folder) }
        let file = folder.appendingPathComponent("settings.env").path
        try """
        # The shop's settings
        SHIPSHAPE_LOG_LEVEL = debug
        SHIPSHAPE_DATABASE_WRITERS="7"\r
        OTHER_PROGRAM=anything
        SHIPSHAPE_DRAIN_SECONDS=5

        """.write(toFile: file, atomically: true, encoding: .utf8)
        let settings = try await Settings.load(environment: [
            "SHIPSHAPE_SETTINGS_FILE": file, "SHIPSHAPE_DRAIN_SECONDS": "6",
        ])
        #expect(settings.faults.isEmpty)
        #expect(settings.logLevel == "debug")
        #expect(settings.writers == 7)
        #expect(settings.drainSeconds == 6)
        let sources = Dictionary(uniqueKeysWithValues: settings.entries.map { ($0.setting.name, $0.source) })
        #expect(sources["SHIPSHAPE_LOG_LEVEL"] == .file)
        #expect(sources["SHIPSHAPE_DRAIN_SECONDS"] == .environment)
    }

    @Test func `a file that is wrong is a fault`() async throws {
        let folder = try TestFolder.make()
        defer { removeFolder(folder) }
        let file = folder.appendingPathComponent("settings.env").path
        try "SHIPSHAPE_LOG_LEVEL debug\nSHIPSHAPE_COLOR=red\nSHIPSHAPE_DRAIN_SECONDS=1\nSHIPSHAPE_DRAIN_SECONDS=2\n"
            .write(toFile: file, atomically: true, encoding: .utf8)
        let settings = try await Settings.load(environment: ["SHIPSHAPE_SETTINGS_FILE": file])
        #expect(
            settings.faults.map(\.description) == [
                "Line 1 of \(file) is not NAME=value.", "SHIPSHAPE_DRAIN_SECONDS stands twice in \(file).",
                "There is no setting SHIPSHAPE_COLOR; the nearest is SHIPSHAPE_LOG_LEVEL.",
            ])
        await #expect(throws: SettingFault.self) {
            _ = try await Settings.load(environment: ["SHIPSHAPE_SETTINGS_FILE": file + ".absent"])
        }
    }

    private func removeFolder(_ folder: URL) {
        do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
    }
}
