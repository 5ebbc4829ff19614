public import ArgumentParser
public import ModelTesting

/// `--profile` takes a profile by its name.
extension TestProfile: ExpressibleByArgument {}
