public import DesignSystem

extension Dashboard {
    /// The dashboard's own module.
    static let script = Asset.module("dashboard.js", PackageResources.dashboard_js)

    /// htmx and its extension for event streams, which `bin/setup` fetches; none in a build that was made before.
    static let libraries: [Asset] = {
        let files = [
            ("htmx.js", PackageResources.htmx_4_min_js), ("hx-sse.js", PackageResources.hx_sse_4_min_js),
        ]
        guard files.allSatisfy({ !$0.1.isEmpty }) else { return [] }
        return files.map { .module($0.0, $0.1) }
    }()

    /// What the library of static files has to serve.
    public static let assets: [Asset] = [script] + libraries
}

/// Stands in for the files of a clone in which `bin/setup` did not run: the build embeds those that are there, and
/// what it makes of them goes before what is said here.
private protocol FetchedScripts {
    static var htmx_4_min_js: [UInt8] { get }
    static var hx_sse_4_min_js: [UInt8] { get }
}

extension FetchedScripts {
    static var htmx_4_min_js: [UInt8] { [] }
    static var hx_sse_4_min_js: [UInt8] { [] }
}

extension PackageResources: FetchedScripts {}
