/// Of heapdump and of the agent that it carries: the Makefile reads it from here.
public enum HeapdumpVersion {
    public static let number = "0.1.0"
    public static let text = "heapdump " + number
}
