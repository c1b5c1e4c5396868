/// Bread, cheese and what is eaten from bowls.
extension DemoDrawing {
    mutating func loaf(_ crust: String, _ light: String, _ flour: String) {
        shadow(320, 470, 230)
        ellipse(320, 360, 225, 125, crust)
        ellipse(320, 340, 205, 100, light)
        for (x, turn) in [(205, -18), (285, -6), (365, 6), (440, 18)] {
            ellipse(x, 330, 17, 62, flour, turn: turn + 24)
        }
        stroke("M130 300Q320 215 510 300", flour, 6)
    }

    mutating func tinLoaf(_ crust: String, _ light: String, _ seed: String) {
        shadow(320, 468, 230)
        shape("M110 300Q110 235 180 235H460Q530 235 530 300V440Q530 462 508 462H132Q110 462 110 440Z", crust)
        shape("M128 300Q128 252 185 252H455Q512 252 512 300Q420 330 320 325T128 300Z", light)
        for (x, y) in [(180, 280), (235, 268), (290, 290), (350, 270), (405, 292), (460, 276), (265, 305), (375, 308)] {
            ellipse(x, y, 10, 4, seed, turn: x % 60 - 30)
        }
        for x in [200, 290, 380, 460] { stroke("M\(x) 350L\(x - 14) 440", seed, 5) }
    }

    mutating func balls(_ crust: String, _ light: String) {
        for (x, y) in [(225, 330), (415, 330), (320, 300), (175, 420), (320, 415), (465, 420)] {
            shadow(x, y + 62, 74)
            ellipse(x, y, 80, 70, crust)
            ellipse(x - 8, y - 14, 58, 42, light)
            ellipse(x - 22, y - 26, 18, 10, "#fff4dc")
        }
    }

    mutating func croissant(_ crust: String, _ light: String) {
        shadow(320, 450, 230)
        shape(
            "M92 430Q70 385 112 330Q190 205 320 205T528 330Q570 385 548 430"
                + "Q520 455 490 420Q430 345 320 345T150 420Q120 455 92 430Z",
            crust)
        for path in [
            "M250 222Q320 195 390 222L372 338Q320 325 268 338Z", "M160 285Q195 240 238 226L250 340Q215 350 190 372Z",
            "M480 285Q445 240 402 226L390 340Q425 350 450 372Z", "M108 400Q112 345 150 297L178 385Q150 405 130 432Z",
            "M532 400Q528 345 490 297L462 385Q490 405 510 432Z",
        ] { shape(path, light) }
    }

    mutating func buns(_ crust: String, _ light: String, _ spice: String) {
        for (x, y) in [(220, 345), (425, 385)] {
            shadow(x, y + 105, 110)
            ellipse(x, y, 120, 108, crust)
            ellipse(x, y - 12, 102, 88, light)
            stroke("M\(x) \(y - 12)q22 -10 24 14q0 30 -32 30q-46 -4 -44 -48q8 -50 60 -48q58 8 56 66", spice, 12)
            for (dx, dy) in [(-50, -40), (20, -62), (62, 6), (-70, 20), (-4, 52), (44, 44)] {
                box(x + dx, y + dy - 12, 13, 10, round: 3, "#fffaf0", turn: dx)
            }
        }
    }

    mutating func crackers(_ crust: String, _ light: String, _ seed: String) {
        shadow(320, 470, 220)
        for (x, y, turn) in [(150, 300, -12), (300, 285, 9), (225, 215, -3)] {
            box(x, y, 190, 170, round: 18, crust, turn: turn)
            box(x + 8, y + 6, 174, 154, round: 14, light, turn: turn)
            for index in 0..<12 {
                let (dx, dy) = (28 + index % 4 * 44, 34 + index / 4 * 48)
                ellipse(x + dx, y + dy, 8, 4, index % 3 == 0 ? "#fff3d6" : seed, turn: index * 31 + turn)
            }
        }
    }

    mutating func wedge(_ paste: String, _ face: String, _ rind: String) {
        shadow(320, 470, 235)
        shape("M95 400L430 220Q530 245 545 330L545 455H95Z", rind)
        shape("M95 390L425 225Q505 250 520 325V340L95 400Z", paste)
        shape("M95 398L520 335V450H95Z", face)
        for (x, y, r) in [(210, 425, 7), (330, 400, 9), (430, 420, 6), (270, 385, 5)] { ellipse(x, y, r * 2, r, paste) }
    }

    mutating func wheel(_ paste: String, _ face: String, _ rind: String) {
        shadow(320, 478, 230)
        shape("M110 330V420Q110 480 320 480T530 420V330Z", rind)
        ellipse(320, 330, 210, 80, face)
        ellipse(320, 326, 190, 68, paste)
        shape("M320 326L430 270Q500 290 512 330Z", "#fff7e6")
        shape("M320 326L512 330V405Q505 430 480 445L320 420Z", face)
        for y in [375, 410, 440] { stroke("M118 \(y)Q200 \(y + 42) 300 \(y + 30)", "#00000018", 5) }
    }

    mutating func pear(_ body: String, _ light: String, _ cord: String) {
        shadow(320, 490, 150)
        stroke("M320 120V200", cord, 10)
        shape(
            "M320 170Q375 172 372 222Q370 246 400 276Q455 335 440 400Q420 490 320 490"
                + "T200 400Q185 335 240 276Q270 246 268 222Q265 172 320 170Z",
            body)
        shape("M290 190Q280 235 262 268Q215 320 228 385Q240 440 285 462Q235 400 262 330Q300 270 300 195Z", light)
        stroke("M270 225Q320 250 370 225M274 240Q320 264 366 240", cord, 8)
    }

    mutating func bowl(_ glaze: String, _ rim: String, food: String, light: String, dots: String) {
        shadow(320, 490, 200)
        shape("M105 320Q120 490 260 495H380Q520 490 535 320Z", glaze)
        ellipse(320, 320, 216, 84, rim)
        ellipse(320, 324, 192, 68, food)
        ellipse(290, 310, 118, 36, light)
        for (x, y, turn) in [
            (230, 318, 20), (285, 345, -30), (345, 300, 40), (400, 330, -10), (330, 365, 60), (420, 305, 15),
        ] {
            ellipse(x, y, 18, 9, dots, turn: turn)
        }
        shape("M300 322Q330 285 368 290Q350 330 300 322Z", "#5b8a3a")
        stroke("M150 380Q170 450 235 474", "#ffffff55", 10)
    }

    mutating func dish(_ glaze: String, _ crust: String, _ light: String) {
        shadow(320, 470, 250)
        shape("M75 330L115 450Q120 465 140 465H500Q520 465 525 450L565 330Z", glaze)
        box(62, 305, 516, 38, round: 19, "#fbf6ec")
        shape("M92 316Q110 232 320 226T548 316Q440 344 320 342T92 316Z", crust)
        for row in 0..<3 {
            let y = 262 + row * 24
            stroke("M\(150 - row * 20) \(y + 22)q28 -26 56 0t56 0t56 0t56 0t56 0\(row > 0 ? "t56 0" : "")", light, 9)
        }
    }

    mutating func glass(_ drink: String, _ light: String) {
        shadow(320, 500, 130)
        shape("M205 150H435L405 480Q402 500 380 500H260Q238 500 235 480Z", "#ffffff90")
        shape("M214 225H426L403 470Q400 488 380 488H260Q240 488 237 470Z", drink)
        ellipse(320, 225, 106, 20, light)
        for (x, y) in [(280, 222), (340, 230), (372, 220)] { ellipse(x, y, 15, 6, "#5b8a3a", turn: x) }
        stroke("M240 180L262 440", "#ffffff70", 14)
    }
}
