@main struct Heapdump { static func main() {} }
