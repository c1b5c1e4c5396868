/// `form`.
public func form(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("form", attributes, content())
}

/// `fieldset`.
public func fieldset(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("fieldset", attributes, content())
}

/// `legend`.
public func legend(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("legend", attributes, content())
}

/// `label`.
public func label(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("label", attributes, content())
}

/// `select`.
public func select(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("select", attributes, content())
}

/// `optgroup`.
public func optgroup(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("optgroup", attributes, content())
}

/// `option`.
public func option(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("option", attributes, content())
}

/// `button`.
public func button(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("button", attributes, content())
}

/// `output`.
public func output(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("output", attributes, content())
}

/// `datalist`.
public func datalist(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("datalist", attributes, content())
}

/// `progress`.
public func progress(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("progress", attributes, content())
}

/// `meter`.
public func meter(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("meter", attributes, content())
}

/// `search`.
public func search(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("search", attributes, content())
}

/// `table`.
public func table(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("table", attributes, content())
}

/// `caption`.
public func caption(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("caption", attributes, content())
}

/// `colgroup`.
public func colgroup(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("colgroup", attributes, content())
}

/// `thead`.
public func thead(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("thead", attributes, content())
}

/// `tbody`.
public func tbody(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("tbody", attributes, content())
}

/// `tfoot`.
public func tfoot(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("tfoot", attributes, content())
}

/// `tr`.
public func tr(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("tr", attributes, content())
}

/// `th`.
public func th(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("th", attributes, content())
}

/// `td`.
public func td(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("td", attributes, content())
}

/// `details`.
public func details(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("details", attributes, content())
}

/// `summary`.
public func summary(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("summary", attributes, content())
}

/// `dialog`.
public func dialog(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("dialog", attributes, content())
}

/// `menu`.
public func menu(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("menu", attributes, content())
}

/// `template`.
public func template(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("template", attributes, content())
}

/// `noscript`.
public func noscript(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("noscript", attributes, content())
}

/// `svg`.
public func svg(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("svg", attributes, content())
}

/// `path`.
public func path(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("path", attributes, content())
}

/// `circle`.
public func circle(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("circle", attributes, content())
}

/// `rect`.
public func rect(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("rect", attributes, content())
}

/// `g`.
public func g(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("g", attributes, content())
}

/// `line`.
public func line(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("line", attributes, content())
}

/// `polyline`.
public func polyline(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("polyline", attributes, content())
}

/// `polygon`.
public func polygon(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("polygon", attributes, content())
}

/// `desc`.
public func desc(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("desc", attributes, content())
}
