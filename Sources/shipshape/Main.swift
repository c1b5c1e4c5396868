import ArgumentParser

@main
struct Shipshape: ParsableCommand {
}
