import Persistence
import Pricing
import Primitives
import ShopWorld
import Stores
import TestSupport
import Testing

struct SaveTaxSettingsTests {
    private static func settings(_ rate: Int) -> TaxSettings {
        TaxSettings(
            pricesIncludeTax: true,
            zones: [
                TaxZone(
                    name: "Here", places: [TaxPlace(country: "GB")],
                    rates: [TaxRate(title: "VAT", partsPerMillion: rate)])
            ])
    }

    private func save(_ settings: TaxSettings, version: Int, in world: World) async throws -> Int {
        let save = try SaveTaxSettings(
            store: world.store.id, settings: settings, version: version, actor: .system, requestID: nil)
        return try await world.database.write("test.taxes") { tx in try save.run(in: tx).version }
    }

    private func stored(in world: World) async throws -> StoredTaxSettings {
        try await world.database.read("test.taxes") { tx in try Pricing.taxSettings(of: world.store.id, in: tx) }
    }

    @Test(arguments: TestEngine.available)
    func `settings are kept as they are, version by version, for their store alone`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            #expect(try await stored(in: world) == StoredTaxSettings(settings: .none, version: 0, updatedAt: nil))
            #expect(try await save(Self.settings(200_000), version: 0, in: world) == 1)
            let first = try await stored(in: world)
            #expect(first.settings == Self.settings(200_000))
            #expect(first.updatedAt == world.clock.now())
            #expect(try await save(Self.settings(250_000), version: 1, in: world) == 2)
            #expect(try await stored(in: world).settings == Self.settings(250_000))
            let other = World(try await world.anotherStore(), in: world)
            #expect(try await stored(in: other).version == 0)
            let told = try await world.database.read("test.taxes") { tx in
                try Pricing.storesWithTaxSettings(in: tx)
            }
            #expect(told == [world.store.id])
        }
    }

    @Test(arguments: TestEngine.available)
    func `of many who change the same version one does, and the others are told`(_ engine: TestEngine) async throws {
        try await World.open(engine) { world in
            let first = await outcomes(of: 8, replacing: 0, in: world)
            #expect(first == ["version 1": 1, "settings.changed": 7])
            let second = await outcomes(of: 8, replacing: 1, in: world)
            #expect(second == ["version 2": 1, "settings.changed": 7])
            let stored = try await stored(in: world)
            #expect(stored.version == 2)
            let events = try await world.count(of: .events)
            #expect(events == 2)
        }
    }

    /// What became of so many changes of one version at once.
    private func outcomes(of count: Int, replacing version: Int, in world: World) async -> [String: Int] {
        await withTaskGroup(of: String.self) { group in
            for rate in 1...count {
                group.addTask {
                    do {
                        return "version \(try await save(Self.settings(rate), version: version, in: world))"
                    } catch {
                        return (error as? Problem)?.code ?? "\(error)"
                    }
                }
            }
            return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
    }
}
