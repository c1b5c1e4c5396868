/// How a form is sent.
public enum FormMethod: String, Sendable {
    case get, post
}

extension Attribute {
    /// `id`; none for nil.
    public static func id(_ value: String?) -> Attribute { Attribute("id", value) }

    /// `name`; none for nil.
    public static func name(_ value: String?) -> Attribute { Attribute("name", value) }

    /// `value`; none for nil.
    public static func value(_ value: String?) -> Attribute { Attribute("value", value) }

    /// `for`; none for nil.
    public static func `for`(_ value: String?) -> Attribute { Attribute("for", value) }

    /// `placeholder`; none for nil.
    public static func placeholder(_ value: String?) -> Attribute { Attribute("placeholder", value) }

    /// `autocomplete`; none for nil.
    public static func autocomplete(_ value: String?) -> Attribute { Attribute("autocomplete", value) }

    /// `alt`; none for nil.
    public static func alt(_ value: String?) -> Attribute { Attribute("alt", value) }

    /// `lang`; none for nil.
    public static func lang(_ value: String?) -> Attribute { Attribute("lang", value) }

    /// `dir`; none for nil.
    public static func dir(_ value: String?) -> Attribute { Attribute("dir", value) }

    /// `title`; none for nil.
    public static func title(_ value: String?) -> Attribute { Attribute("title", value) }

    /// `role`; none for nil.
    public static func role(_ value: String?) -> Attribute { Attribute("role", value) }

    /// `datetime`; none for nil.
    public static func datetime(_ value: String?) -> Attribute { Attribute("datetime", value) }

    /// `content`; none for nil.
    public static func content(_ value: String?) -> Attribute { Attribute("content", value) }

    /// `list`; none for nil.
    public static func list(_ value: String?) -> Attribute { Attribute("list", value) }

    /// `form`; none for nil.
    public static func form(_ value: String?) -> Attribute { Attribute("form", value) }

    /// `pattern`; none for nil.
    public static func pattern(_ value: String?) -> Attribute { Attribute("pattern", value) }

    /// `min`; none for nil.
    public static func min(_ value: String?) -> Attribute { Attribute("min", value) }

    /// `max`; none for nil.
    public static func max(_ value: String?) -> Attribute { Attribute("max", value) }

    /// `step`; none for nil.
    public static func step(_ value: String?) -> Attribute { Attribute("step", value) }

    /// `accept`; none for nil.
    public static func accept(_ value: String?) -> Attribute { Attribute("accept", value) }

    /// `enterkeyhint`; none for nil.
    public static func enterkeyhint(_ value: String?) -> Attribute { Attribute("enterkeyhint", value) }

    /// `inputmode`; none for nil.
    public static func inputmode(_ value: String?) -> Attribute { Attribute("inputmode", value) }

    /// `scope`; none for nil.
    public static func scope(_ value: String?) -> Attribute { Attribute("scope", value) }

    /// `width`; none for nil.
    public static func width(_ value: String?) -> Attribute { Attribute("width", value) }

    /// `height`; none for nil.
    public static func height(_ value: String?) -> Attribute { Attribute("height", value) }

    /// `label`; none for nil.
    public static func label(_ value: String?) -> Attribute { Attribute("label", value) }

    /// `headers`; none for nil.
    public static func headers(_ value: String?) -> Attribute { Attribute("headers", value) }

    /// `popovertarget`: the id of what it acts on.
    public static func popovertarget(_ id: String) -> Attribute { Attribute("popovertarget", id) }

    /// `commandfor`: the id of what it acts on.
    public static func commandfor(_ id: String) -> Attribute { Attribute("commandfor", id) }

    /// `type`, one of the words that HTML has for it.
    public static func type(_ word: StaticString) -> Attribute { Attribute("type", word.description) }

    /// `property` of RDFa, such as `og:title`.
    public static func property(_ word: StaticString) -> Attribute { Attribute("property", word.description) }

    /// `rel`, one of the words that HTML has for it.
    public static func rel(_ word: StaticString) -> Attribute { Attribute("rel", word.description) }

    /// `enctype`, one of the words that HTML has for it.
    public static func enctype(_ word: StaticString) -> Attribute { Attribute("enctype", word.description) }

    /// `target`, one of the words that HTML has for it.
    public static func target(_ word: StaticString) -> Attribute { Attribute("target", word.description) }

    /// `loading`, one of the words that HTML has for it.
    public static func loading(_ word: StaticString) -> Attribute { Attribute("loading", word.description) }

    /// `decoding`, one of the words that HTML has for it.
    public static func decoding(_ word: StaticString) -> Attribute { Attribute("decoding", word.description) }

    /// `fetchpriority`, one of the words that HTML has for it.
    public static func fetchpriority(_ word: StaticString) -> Attribute { Attribute("fetchpriority", word.description) }

    /// `charset`, one of the words that HTML has for it.
    public static func charset(_ word: StaticString) -> Attribute { Attribute("charset", word.description) }

    /// `media`, one of the words that HTML has for it.
    public static func media(_ word: StaticString) -> Attribute { Attribute("media", word.description) }

    /// `sizes`, one of the words that HTML has for it.
    public static func sizes(_ word: StaticString) -> Attribute { Attribute("sizes", word.description) }

    /// `spellcheck`, one of the words that HTML has for it.
    public static func spellcheck(_ word: StaticString) -> Attribute { Attribute("spellcheck", word.description) }

    /// `autocapitalize`, one of the words that HTML has for it.
    public static func autocapitalize(_ word: StaticString) -> Attribute {
        Attribute("autocapitalize", word.description)
    }

    /// `wrap`, one of the words that HTML has for it.
    public static func wrap(_ word: StaticString) -> Attribute { Attribute("wrap", word.description) }

    /// `crossorigin`, one of the words that HTML has for it.
    public static func crossorigin(_ word: StaticString) -> Attribute { Attribute("crossorigin", word.description) }

    /// `integrity`, one of the words that HTML has for it.
    public static func integrity(_ word: StaticString) -> Attribute { Attribute("integrity", word.description) }

    /// `popover`, one of the words that HTML has for it.
    public static func popover(_ word: StaticString) -> Attribute { Attribute("popover", word.description) }

    /// `command`, one of the words that HTML has for it.
    public static func command(_ word: StaticString) -> Attribute { Attribute("command", word.description) }

    /// `required`.
    public static func required(_ isOn: Bool = true) -> Attribute { Attribute("required", isOn: isOn) }

    /// `disabled`.
    public static func disabled(_ isOn: Bool = true) -> Attribute { Attribute("disabled", isOn: isOn) }

    /// `checked`.
    public static func checked(_ isOn: Bool = true) -> Attribute { Attribute("checked", isOn: isOn) }

    /// `selected`.
    public static func selected(_ isOn: Bool = true) -> Attribute { Attribute("selected", isOn: isOn) }

    /// `readonly`.
    public static func readonly(_ isOn: Bool = true) -> Attribute { Attribute("readonly", isOn: isOn) }

    /// `multiple`.
    public static func multiple(_ isOn: Bool = true) -> Attribute { Attribute("multiple", isOn: isOn) }

    /// `hidden`.
    public static func hidden(_ isOn: Bool = true) -> Attribute { Attribute("hidden", isOn: isOn) }

    /// `autofocus`.
    public static func autofocus(_ isOn: Bool = true) -> Attribute { Attribute("autofocus", isOn: isOn) }

    /// `open`.
    public static func `open`(_ isOn: Bool = true) -> Attribute { Attribute("open", isOn: isOn) }

    /// `novalidate`.
    public static func novalidate(_ isOn: Bool = true) -> Attribute { Attribute("novalidate", isOn: isOn) }

    /// `formnovalidate`.
    public static func formnovalidate(_ isOn: Bool = true) -> Attribute { Attribute("formnovalidate", isOn: isOn) }

    /// `async`.
    public static func async(_ isOn: Bool = true) -> Attribute { Attribute("async", isOn: isOn) }

    /// `defer`.
    public static func `defer`(_ isOn: Bool = true) -> Attribute { Attribute("defer", isOn: isOn) }

    /// `reversed`.
    public static func reversed(_ isOn: Bool = true) -> Attribute { Attribute("reversed", isOn: isOn) }

    /// `minlength`.
    public static func minlength(_ number: Int) -> Attribute { Attribute("minlength", String(number)) }

    /// `maxlength`.
    public static func maxlength(_ number: Int) -> Attribute { Attribute("maxlength", String(number)) }

    /// `size`.
    public static func size(_ number: Int) -> Attribute { Attribute("size", String(number)) }

    /// `rows`.
    public static func rows(_ number: Int) -> Attribute { Attribute("rows", String(number)) }

    /// `cols`.
    public static func cols(_ number: Int) -> Attribute { Attribute("cols", String(number)) }

    /// `colspan`.
    public static func colspan(_ number: Int) -> Attribute { Attribute("colspan", String(number)) }

    /// `rowspan`.
    public static func rowspan(_ number: Int) -> Attribute { Attribute("rowspan", String(number)) }

    /// `tabindex`.
    public static func tabindex(_ number: Int) -> Attribute { Attribute("tabindex", String(number)) }

    /// `start`.
    public static func start(_ number: Int) -> Attribute { Attribute("start", String(number)) }

    /// `href`.
    public static func href(_ address: WebAddress) -> Attribute { Attribute("href", address.description) }

    /// `src`.
    public static func src(_ address: WebAddress) -> Attribute { Attribute("src", address.description) }

    /// `action`.
    public static func action(_ address: WebAddress) -> Attribute { Attribute("action", address.description) }

    /// `formaction`.
    public static func formaction(_ address: WebAddress) -> Attribute { Attribute("formaction", address.description) }

    /// `poster`.
    public static func poster(_ address: WebAddress) -> Attribute { Attribute("poster", address.description) }

    /// `cite`.
    public static func cite(_ address: WebAddress) -> Attribute { Attribute("cite", address.description) }

    /// `method`.
    public static func method(_ method: FormMethod) -> Attribute { Attribute("method", method.rawValue) }
}
