/// `head`.
public func head(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("head", attributes, content())
}

/// `body`.
public func body(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("body", attributes, content())
}

/// `header`.
public func header(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("header", attributes, content())
}

/// `footer`.
public func footer(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("footer", attributes, content())
}

/// `main`.
public func main(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("main", attributes, content())
}

/// `nav`.
public func nav(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("nav", attributes, content())
}

/// `section`.
public func section(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("section", attributes, content())
}

/// `article`.
public func article(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("article", attributes, content())
}

/// `aside`.
public func aside(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("aside", attributes, content())
}

/// `div`.
public func div(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("div", attributes, content())
}

/// `h1`.
public func h1(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("h1", attributes, content())
}

/// `h2`.
public func h2(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("h2", attributes, content())
}

/// `h3`.
public func h3(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("h3", attributes, content())
}

/// `h4`.
public func h4(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("h4", attributes, content())
}

/// `p`.
public func p(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("p", attributes, content())
}

/// `ul`.
public func ul(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("ul", attributes, content())
}

/// `ol`.
public func ol(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("ol", attributes, content())
}

/// `li`.
public func li(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("li", attributes, content())
}

/// `dl`.
public func dl(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("dl", attributes, content())
}

/// `dt`.
public func dt(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("dt", attributes, content())
}

/// `dd`.
public func dd(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("dd", attributes, content())
}

/// `a`.
public func a(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("a", attributes, content())
}

/// `span`.
public func span(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("span", attributes, content())
}

/// `strong`.
public func strong(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("strong", attributes, content())
}

/// `em`.
public func em(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("em", attributes, content())
}

/// `small`.
public func small(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("small", attributes, content())
}

/// `s`.
public func s(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("s", attributes, content())
}

/// `del`.
public func del(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("del", attributes, content())
}

/// `ins`.
public func ins(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("ins", attributes, content())
}

/// `code`.
public func code(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("code", attributes, content())
}

/// `pre`.
public func pre(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("pre", attributes, content())
}

/// `blockquote`.
public func blockquote(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("blockquote", attributes, content())
}

/// `q`.
public func q(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("q", attributes, content())
}

/// `abbr`.
public func abbr(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("abbr", attributes, content())
}

/// `time`.
public func time(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("time", attributes, content())
}

/// `address`.
public func address(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("address", attributes, content())
}

/// `cite`.
public func cite(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("cite", attributes, content())
}

/// `mark`.
public func mark(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("mark", attributes, content())
}

/// `figure`.
public func figure(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("figure", attributes, content())
}

/// `figcaption`.
public func figcaption(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("figcaption", attributes, content())
}

/// `picture`.
public func picture(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("picture", attributes, content())
}

/// `bdi`.
public func bdi(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("bdi", attributes, content())
}

/// `kbd`.
public func kbd(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("kbd", attributes, content())
}

/// `sup`.
public func sup(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("sup", attributes, content())
}

/// `sub`.
public func sub(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML = { .empty }) -> HTML {
    HTML("sub", attributes, content())
}
