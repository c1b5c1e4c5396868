/// What stands on shelves and what grows in fields.
extension DemoDrawing {
    mutating func bottle(_ glass: String, _ inside: String, label: String, cap: String, isSlim: Bool = true) {
        let side = isSlim ? 0 : 22
        shadow(320, 532, 120 + side)
        shape(
            "M290 120H350V200Q352 232 \(392 + side) 262Q\(412 + side) 280 \(412 + side) 310V500"
                + "Q\(412 + side) 535 378 535H262Q\(228 - side) 535 \(228 - side) 500V310"
                + "Q\(228 - side) 280 \(248 - side) 262Q288 232 290 200Z",
            glass)
        shape(
            "M\(244 - side) 320Q320 306 \(396 + side) 320V498Q\(396 + side) 520 374 520H266"
                + "Q\(244 - side) 520 \(244 - side) 498Z",
            inside)
        box(284, 88, 72, 44, round: 8, cap)
        box(228 - side, 350, 184 + 2 * side, 112, round: 4, label)
        stroke("M268 384H372M286 408H354", "#00000055", 8)
        ellipse(320, 436, 12, 12, cap)
        stroke("M256 300V330", "#ffffff60", 14)
    }

    mutating func jar(_ food: String, _ light: String, label: String, lid: String) {
        shadow(320, 508, 160)
        shape("M190 230Q165 245 165 285V465Q165 510 210 510H430Q475 510 475 465V285Q475 245 450 230Z", "#ffffffa0")
        shape("M184 270Q320 250 456 270V462Q456 494 428 494H212Q184 494 184 462Z", food)
        shape("M184 290Q250 262 330 280T456 288V262Q320 246 184 262Z", light)
        box(178, 165, 284, 70, round: 14, lid)
        box(178, 196, 284, 10, round: 5, "#00000022")
        box(220, 330, 200, 110, round: 8, label)
        stroke("M256 366H384M276 392H364", "#00000055", 8)
        ellipse(320, 418, 9, 9, lid)
        stroke("M204 300V450", "#ffffff66", 12)
    }

    mutating func tub(_ cream: String, _ pot: String, _ band: String) {
        shadow(320, 500, 165)
        shape("M160 280L190 475Q194 500 220 500H420Q446 500 450 475L480 280Z", pot)
        shape("M171 350L182 425H458L469 350Z", band)
        ellipse(320, 280, 162, 52, "#fff")
        ellipse(320, 280, 144, 42, cream)
        stroke("M240 285Q250 250 320 256T398 280Q380 306 320 300T290 276Q310 262 345 274", "#fff", 14)
        stroke("M265 388H375", "#ffffffcc", 9)
    }

    mutating func tubes(_ paste: String, _ light: String, _ dark: String) {
        shadow(320, 470, 230)
        for (x, y, turn) in [
            (150, 380, -14), (330, 395, 10), (235, 320, 24), (390, 320, -20), (150, 300, 8), (300, 255, -8),
            (400, 405, 30),
        ] {
            box(x, y, 150, 62, round: 20, paste, turn: turn)
            box(x + 8, y + 8, 134, 12, round: 6, light, turn: turn)
            box(x + 8, y + 32, 134, 7, round: 3, dark, turn: turn)
            ellipse(
                x + 75 + (turn > 0 ? 58 : -58), y + 31 + (abs(turn) > 10 ? (turn / 2) : 0), 15, 24, dark, turn: turn)
        }
    }

    mutating func can(_ label: String, _ band: String, _ fruit: String) {
        shadow(320, 508, 160)
        shape("M175 180V470Q175 510 320 510T465 470V180Z", "#c9ced3")
        shape("M175 220V450Q175 488 320 488T465 450V220Q465 258 320 258T175 220Z", label)
        shape("M175 400V425Q175 463 320 463T465 425V400Q465 438 320 438T175 400Z", band)
        ellipse(320, 180, 145, 40, "#e4e8eb")
        ellipse(320, 180, 122, 30, "#b5bcc2")
        ellipse(320, 345, 62, 56, fruit)
        shape("M320 296L338 276L334 300L360 296L338 312L320 304L302 312L280 296L306 300L302 276Z", "#3f7a3a")
        ellipse(298, 330, 16, 10, "#ffffff66", turn: -30)
    }

    mutating func beans(_ skin: String, _ spots: String) {
        shadow(320, 460, 220)
        for (x, y, turn) in [
            (200, 330, 20), (290, 300, -30), (385, 330, 50), (245, 395, -10), (340, 385, 25), (435, 400, -40),
            (170, 410, 60), (310, 455, 10), (400, 465, -15), (225, 460, -50), (340, 245, 15), (470, 340, 20),
        ] {
            ellipse(x, y, 52, 33, skin, turn: turn)
            ellipse(x - 14, y - 6, 11, 7, spots, turn: turn + 30)
            ellipse(x + 16, y + 6, 9, 6, spots, turn: turn)
            ellipse(x + 4, y - 14, 7, 4, spots, turn: turn)
        }
    }

    mutating func salt() {
        shadow(320, 480, 220)
        shape("M150 420Q165 500 270 500H370Q475 500 490 420Z", "#8a6f57")
        ellipse(320, 420, 172, 50, "#a5886d")
        shape("M170 418Q230 330 320 268Q410 330 470 418Q400 450 320 450T170 418Z", "#fff")
        shape("M320 268Q410 330 470 418Q430 440 370 446Q380 350 320 268Z", "#e8edf2")
        for (x, y) in [(285, 360), (330, 330), (255, 405), (345, 400), (390, 410), (305, 300)] {
            box(x, y, 16, 13, round: 2, "#d4dde6", turn: x)
        }
    }

    mutating func tomato(_ x: Int, _ y: Int, _ size: Int, _ skin: String = "#d23c2e") {
        ellipse(x, y, size, size * 9 / 10, skin)
        ellipse(x - size / 3, y - size / 3, size / 4, size / 7, "#ffffff77", turn: -35)
        let top = y - size * 8 / 10
        stroke(
            "M\(x) \(top)l-24 12M\(x) \(top)l24 12M\(x) \(top)l-8 24M\(x) \(top)l10 22M\(x) \(top)v-22", "#3f7a3a", 9)
    }

    mutating func vine() {
        shadow(320, 480, 230)
        stroke("M150 250Q320 190 500 260", "#4d7d3c", 12)
        for (x, y, size) in [(200, 345, 84), (440, 355, 82), (320, 330, 90), (260, 425, 76), (390, 430, 74)] {
            tomato(x, y, size)
        }
    }

    mutating func lemon(_ x: Int, _ y: Int, turn: Int) {
        ellipse(x, y, 96, 72, "#f2c62f", turn: turn)
        ellipse(x - 88, y, 22, 18, "#e0b01f", turn: turn)
        ellipse(x - 20, y - 26, 46, 16, "#fbe27a", turn: turn)
    }

    mutating func lemons() {
        shadow(320, 480, 230)
        lemon(235, 325, turn: -18)
        lemon(420, 340, turn: 14)
        lemon(300, 420, turn: 6)
        ellipse(455, 435, 72, 68, "#f2c62f")
        ellipse(455, 435, 60, 56, "#fff6cf")
        for turn in [0, 45, 90, 135] { ellipse(455, 435, 50, 9, "#f5d95e", turn: turn) }
        shape("M300 265Q330 190 420 190Q410 265 300 265Z", "#4b8b3b")
        stroke("M306 262Q350 225 408 198", "#3a6f2e", 5)
    }

    mutating func leaves() {
        shadow(320, 500, 150)
        for (index, turn) in [-34, -17, 0, 17, 34, -8, 10].enumerated() {
            group(turn: turn) { drawing in
                let colour = index.isMultiple(of: 2) ? "#4f8f42" : "#67a656"
                drawing.shape("M320 480Q255 330 320 130Q385 330 320 480Z", colour)
                drawing.stroke("M320 480V170", "#3c7434", 5)
            }
        }
        box(280, 452, 80, 26, round: 10, "#c9a86a")
    }

    mutating func peppers() {
        shadow(320, 480, 220)
        for (x, y, turn, skin, light) in [
            (20, 40, -20, "#4c8f3c", "#7fbd68"), (60, -20, 24, "#c8372b", "#ea7a66"),
            (-60, -40, 58, "#5b9d45", "#8cc774"),
        ] {
            group(x: x, y: y, turn: turn) { drawing in
                drawing.shape("M285 200Q225 230 240 340Q255 440 330 490Q350 430 372 350Q392 240 345 205Z", skin)
                drawing.shape("M282 235Q255 290 270 350Q280 300 300 240Z", light)
                drawing.shape("M280 205Q315 180 350 205Q330 222 315 218T280 205Z", "#3a6f2e")
                drawing.stroke("M315 195Q312 160 335 145", "#3a6f2e", 14)
            }
        }
    }

    mutating func crate() {
        shadow(320, 520, 250)
        shape("M190 330Q150 230 215 180Q205 260 235 300Q230 200 290 165Q275 260 280 330Z", "#67a656")
        shape("M395 340L470 150L510 165L440 345Z", "#f4f0df")
        shape("M455 175Q470 90 520 110Q560 130 505 180Z", "#4f8f42")
        tomato(350, 300, 62)
        ellipse(270, 325, 70, 52, "#7a4a86")
        ellipse(252, 305, 22, 10, "#a77bb3", turn: -20)
        shape("M110 320L150 335L330 395L300 420L110 345Z", "#e8842c")
        ellipse(455, 335, 58, 48, "#d9a441")
        for y in [350, 415, 470] { box(85, y, 470, 50, round: 6, y == 415 ? "#b98650" : "#c89761") }
        for x in [105, 505] { box(x, 340, 28, 190, round: 4, "#a47440") }
    }

    mutating func bag(_ paper: String, _ fold: String, label: String, mark: String) {
        shadow(320, 530, 170)
        shape("M185 190L170 500Q170 530 200 530H440Q470 530 470 500L455 190Z", paper)
        shape("M178 130H462L455 215H185Z", fold)
        stroke("M182 172H458", "#00000022", 6)
        box(220, 280, 200, 170, round: 10, label)
        ellipse(320, 345, 40, 28, mark, turn: -30)
        stroke("M290 362Q320 340 350 328", label, 7)
        stroke("M262 402H378M284 424H356", "#00000055", 8)
        shape("M185 190L200 215L196 525Q170 525 170 500Z", "#ffffff33")
    }

    mutating func tea() {
        shadow(250, 500, 120)
        shape("M160 200V470Q160 500 250 500T340 470V200Z", "#2f6b5b")
        shape("M160 260V400Q160 430 250 430T340 400V260Q340 290 250 290T160 260Z", "#e9dfc6")
        ellipse(250, 200, 90, 26, "#3f8270")
        ellipse(250, 196, 70, 18, "#2a5c4e")
        shape("M225 370Q215 320 262 305Q282 350 225 370Z", "#4b8b3b")
        shadow(445, 500, 90)
        shape("M365 400Q370 495 420 497H470Q520 495 525 400Z", "#f5efe2")
        ellipse(445, 400, 80, 24, "#fffaf0")
        ellipse(445, 402, 66, 17, "#9db84a")
        for x in [425, 465] { stroke("M\(x) 370q-14 -22 0 -42t0 -42", "#ffffffaa", 8) }
    }

    mutating func herring() {
        shadow(320, 470, 240)
        ellipse(320, 400, 245, 76, "#f6f1e6")
        ellipse(320, 394, 212, 58, "#fffdf7")
        for (y, turn) in [(-38, -6), (10, 5)] {
            group(y: y, turn: turn) { drawing in
                drawing.shape("M150 380Q250 315 400 360L470 325Q462 375 480 415L400 392Q260 440 150 380Z", "#8fa3b5")
                drawing.shape("M160 380Q260 372 395 378Q260 428 160 380Z", "#dfe6ec")
                drawing.ellipse(196, 374, 8, 8, "#2b3640")
                drawing.stroke("M240 352l14 8M275 346l14 8M310 345l14 8M345 350l14 8", "#6d8297", 6)
            }
        }
        stroke("M290 330q40 -60 90 -70m-60 40l-6 -34m36 14l0 -34", "#5b8a3a", 8)
        ellipse(470, 410, 30, 20, "#fff")
        ellipse(470, 410, 18, 11, "#f5d95e")
    }
}
