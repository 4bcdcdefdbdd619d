import HeapdumpCommands

@main
enum Program {
    static func main() { HeapdumpProgram.run() }
}
