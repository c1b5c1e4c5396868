import Markup

/// How pages look, for the storefront and the dashboard: style sheets, static files, and components as functions that
/// return `HTML`.
///
/// **A page** is a `Document` with a sheet, scripts and a body, rendered into an answer:
///
///     let document = Document("Orders", sheet: DesignSystem.dashboardSheet)
///     return .value(.html(document.render { UI.alert(.info, "Nothing here yet.") }))
///
/// The dashboard's body is `div(.class("shell"))` with `nav(.class("side"))` and `main(.class("content"))`; classes for
/// its tables, tabs, filters and statistics are in `Sheets/dashboard.css`. The storefront's is in `Storefront/Page`.
///
/// **Components** (`UI.…`): `button`, `linkButton`, `badge`, `alert`, `errorSummary`, `banner`, `card`, `table`,
/// `pagination`, `empty`, `steps`, `breadcrumbs`, `price`, `facts`, `timeline`, `time`, `icon`; and `Field`, a control
/// with its label, hint and error. What has a meaning has a `Tone`: `ok`, `warn`, `danger`, `info` or neutral.
///
/// **Sheets**: `Sheets/tokens.css` (layers, reset, tokens, base) and `components.css` are in both; `storefront.css` and
/// `dashboard.css` add what only one needs. Colours are semantic tokens that know light and dark (`--ink`, `--muted`,
/// `--surface`, `--line`, `--accent`, `--ok-fg` …): components name no colour of their own. There is no style attribute
/// and no inline script, because the pages' policy forbids them.
///
/// **Static files** are `Asset`s at addresses that contain a digest of what is in them (`asset.address`). Whoever has
/// assets gives them to the one `AssetLibrary`, whose endpoint serves them.
public enum DesignSystem {
    /// The sheet of the storefront, of problem pages and of sign-in.
    public static let storefrontSheet = Asset.sheet(
        "storefront.css",
        [PackageResources.tokens_css, PackageResources.components_css, PackageResources.storefront_css])
    public static let dashboardSheet = Asset.sheet(
        "dashboard.css",
        [PackageResources.tokens_css, PackageResources.components_css, PackageResources.dashboard_css])
    public static let favicon = Asset("favicon.svg", type: "image/svg+xml", PackageResources.favicon_svg)

    /// What the library has to serve.
    public static let assets = [storefrontSheet, dashboardSheet, favicon]
}

/// Components: functions that return HTML in the classes of the sheets.
public enum UI {}

/// What a component means to say, beside its words.
public enum Tone: String, Sendable {
    case neutral, ok, warn, danger, info

    var className: String? { self == .neutral ? nil : rawValue }
}
