// swift-tools-version: 6.2
import PackageDescription

let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

/// The seams that every domain stands on.
let seams: [Target.Dependency] = ["Primitives", "Persistence", "EventLog", "Jobs", "Readiness"]
let domains: [Target.Dependency] = [
    "Stores", "Identity", "Catalog", "Inventory", "Pricing", "Orders", "Ledger", "Payments", "Fulfillment",
    "Messaging", "Exchange", "Media", "Customers",
]

let package = Package(
    name: "shipshape",
    products: [.executable(name: "shipshape", targets: ["shipshape"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // L0
        .target(name: "Primitives", dependencies: [crypto]),

        // L1: seams
        .target(name: "Persistence", dependencies: ["Primitives", crypto]),
        .target(name: "Readiness", dependencies: ["Primitives", "Persistence", crypto]),
        .target(name: "EventLog", dependencies: ["Primitives", "Persistence", "Readiness", logging, lifecycle]),
        .target(name: "Jobs", dependencies: ["Primitives", "Persistence", "Readiness", logging, lifecycle]),
        .target(name: "Observability", dependencies: ["Primitives", logging]),
        .target(
            name: "HTTPServer",
            dependencies: [
                "Primitives", "Persistence", "Observability", "CZlib", hummingbird, nioCore, crypto, logging, lifecycle,
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
            ]),
        .target(
            name: "HTTPOutbound",
            dependencies: [
                "Primitives", nioCore, logging, .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .target(name: "Markup", dependencies: ["Primitives"]),
        .target(name: "Tabular"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

        // L1: drivers
        .target(
            name: "PersistenceSQLite",
            dependencies: [
                "Primitives", "Persistence",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        .target(name: "PersistencePostgres", dependencies: ["Primitives", "Persistence", "CLibPQ", logging]),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),

        // L2: domains
        .target(name: "Stores", dependencies: seams + [crypto]),
        .target(name: "Identity", dependencies: seams + [crypto]),
        .target(name: "Catalog", dependencies: seams),
        .target(name: "Inventory", dependencies: seams),
        .target(name: "Pricing", dependencies: seams),
        .target(name: "Orders", dependencies: seams + [crypto]),
        .target(name: "Ledger", dependencies: seams),
        .target(name: "Payments", dependencies: seams + [crypto]),
        .target(name: "Fulfillment", dependencies: seams),
        .target(name: "Messaging", dependencies: seams),
        .target(name: "Customers", dependencies: seams),
        .target(name: "Media", dependencies: seams + [crypto]),
        .target(name: "Exchange", dependencies: seams),

        // L3
        .target(name: "UseCases", dependencies: seams + domains + ["Markup", "Tabular", crypto, logging]),
        .target(name: "PaymentsStripe", dependencies: ["Primitives", "Payments", "HTTPOutbound", crypto]),
        .target(
            name: "MessagingSMTP",
            dependencies: [
                "Primitives", "Messaging", nioCore, .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        .target(
            name: "Simulators",
            dependencies: [
                "Primitives", hummingbird, nioCore, crypto, logging, lifecycle,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]),

        // L4
        .target(
            name: "API",
            dependencies: seams + domains + [
                "UseCases", "HTTPServer", crypto, logging, .product(name: "HTTPTypes", package: "swift-http-types"),
            ]),
        .target(
            name: "DesignSystem", dependencies: ["Primitives", "HTTPServer", "Markup", crypto],
            resources: [.embedInCode("Sheets")]),
        .target(
            name: "Storefront",
            dependencies: seams + domains + ["UseCases", "HTTPServer", "Markup", "DesignSystem", crypto, logging],
            resources: [.embedInCode("Assets")]),
        .target(
            name: "Dashboard",
            dependencies: seams + domains + ["UseCases", "HTTPServer", "Markup", "DesignSystem", crypto, logging],
            resources: [.embedInCode("Scripts"), .embedInCode("Vendor")]),

        // L5
        .target(
            name: "App",
            dependencies: seams + domains + [
                "UseCases", "API", "Storefront", "Dashboard", "DesignSystem", "PaymentsStripe", "MessagingSMTP",
                "Simulators", "HTTPOutbound", "Markup", "HTTPServer", "Observability", "PersistenceSQLite",
                "PersistencePostgres", hummingbird, nioCore, crypto, logging, lifecycle,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]),
        .executableTarget(
            name: "bench-reference",
            dependencies: [
                "App", "Jobs", "Persistence", "PersistencePostgres", "PersistenceSQLite", "Primitives", hummingbird,
                logging,
            ],
            path: "Benchmarks/BenchReference"),
        .executableTarget(
            name: "shipshape",
            dependencies: [
                "App", "Primitives", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // Tests
        .target(
            name: "TestSupport",
            dependencies: ["Primitives", "Persistence", "PersistenceSQLite", "PersistencePostgres", "CLibPQ"],
            path: "Tests/TestSupport"),
        .testTarget(name: "TidyTests"),
        .testTarget(name: "TabularTests", dependencies: ["Tabular", "TestSupport"]),
        .testTarget(name: "PrimitivesTests", dependencies: ["Primitives"]),
        .testTarget(name: "ObservabilityTests", dependencies: ["Observability", "Primitives", logging]),
        .testTarget(
            name: "HTTPServerTests",
            dependencies: [
                "HTTPServer", "Observability", "Persistence", "Primitives", "TestSupport", logging, nioCore, lifecycle,
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .testTarget(
            name: "PersistencePostgresTests",
            dependencies: ["Primitives", "Persistence", "PersistencePostgres", "CLibPQ", "TestSupport"]),
        .testTarget(
            name: "EventLogTests", dependencies: ["EventLog", "Persistence", "Primitives", "TestSupport", logging]),
        .testTarget(
            name: "JobsTests",
            dependencies: ["Jobs", "Persistence", "Primitives", "TestSupport", logging, lifecycle]),
        .target(
            name: "CFaultyDisk", path: "Tests/CFaultyDisk", linkerSettings: [.linkedLibrary("sqlite3")]),
        .testTarget(
            name: "PersistenceSQLiteTests",
            dependencies: ["Primitives", "Persistence", "PersistenceSQLite", "TestSupport", "CFaultyDisk"]),
        .testTarget(
            name: "PersistenceTests",
            dependencies: ["Primitives", "Persistence", "PersistenceSQLite", "TestSupport"]),
        .target(
            name: "ShopWorld", dependencies: seams + domains + ["UseCases", "HTTPServer", "TestSupport"],
            path: "Tests/ShopWorld"),
        .testTarget(name: "MarkupTests", dependencies: ["Markup", "Primitives"]),
        .testTarget(
            name: "HTTPOutboundTests",
            dependencies: ["HTTPOutbound", "Primitives", "TestSupport", hummingbird, logging, nioCore]),
        .testTarget(name: "IdentityTests", dependencies: ["Identity", "ShopWorld"] + seams + ["TestSupport"]),
        .testTarget(name: "LedgerTests", dependencies: ["Ledger", "ShopWorld"] + seams + ["TestSupport"]),
        .testTarget(
            name: "PaymentsTests",
            dependencies: seams + domains + [
                "PaymentsStripe", "UseCases", "HTTPOutbound", "ShopWorld", "Simulators", "TestSupport", crypto, logging,
            ]),
        .testTarget(
            name: "MessagingTests",
            dependencies: seams + [
                "Identity", "Messaging", "MessagingSMTP", "Orders", "Fulfillment", "Catalog", "Stores", "Payments",
                "Simulators",
                "UseCases", "ShopWorld", "TestSupport", logging, nioCore,
            ]),
        .testTarget(
            name: "SimulatorTests", dependencies: ["Simulators", "Primitives", "TestSupport", logging, "HTTPOutbound"]),
        .testTarget(
            name: "StorefrontTests",
            dependencies: seams + domains + [
                "Storefront", "DesignSystem", "Markup", "UseCases", "HTTPServer", "Observability", "ShopWorld",
                "TestSupport", logging, nioCore, lifecycle, .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .testTarget(
            name: "DashboardTests",
            dependencies: seams + domains + [
                "API", "Dashboard", "DesignSystem", "Markup", "UseCases", "HTTPServer", "Observability", "ShopWorld",
                "TestSupport", logging, nioCore, lifecycle, .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .testTarget(name: "CatalogTests", dependencies: ["Catalog", "ShopWorld"] + seams + ["TestSupport"]),
        .testTarget(
            name: "CustomersTests",
            dependencies: ["UseCases", "ShopWorld"] + seams + domains + ["TestSupport", logging]),
        .testTarget(name: "MediaTests", dependencies: ["Media", "ShopWorld", "Stores"] + seams + ["TestSupport"]),
        .testTarget(name: "InventoryTests", dependencies: ["Inventory", "ShopWorld"] + seams + ["TestSupport"]),
        .testTarget(
            name: "PricingTests",
            dependencies: seams + domains + ["ShopWorld", "UseCases", "TestSupport"]),
        .testTarget(name: "OrdersTests", dependencies: ["Orders", "ShopWorld"] + seams + ["TestSupport", logging]),
        .testTarget(
            name: "UseCasesTests",
            dependencies: ["UseCases", "Tabular", "ShopWorld"] + seams + domains + ["TestSupport", logging]),
        .testTarget(name: "ReadinessTests", dependencies: ["Primitives", "Persistence", "Readiness", "TestSupport"]),
        .testTarget(
            name: "AppTests",
            dependencies: seams + domains + [
                "App", "API", "UseCases", "HTTPServer", "Observability", "PersistenceSQLite", "TestSupport", logging,
                lifecycle,
            ]),
        .testTarget(name: "CommandLineTests", dependencies: ["Primitives", "shipshape", "TestSupport"]),
        .testTarget(
            name: "APITests",
            dependencies: seams + domains + [
                "API", "UseCases", "HTTPServer", "Observability", "ShopWorld", "TestSupport", logging, nioCore,
                lifecycle, .product(name: "NIOPosix", package: "swift-nio"),
            ]),
    ]
)

let strict = Context.environment["SHIPSHAPE_STRICT"] != nil
for target in package.targets where target.type != .system {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        ] + (strict ? [.treatAllWarnings(as: .error)] : [])
}
