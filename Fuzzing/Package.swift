// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that normal builds know nothing of the fuzzer: the rooms it drives are linked in
// and instrumented. `make fuzz` builds and runs it.

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"), .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]
let instrumented: [SwiftSetting] = [.unsafeFlags(["-sanitize=fuzzer,address", "-O"])]
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")

func room(_ name: String, _ uses: [Target.Dependency], exclude: [String] = []) -> Target {
  .target(
    name: name, dependencies: uses, exclude: exclude, swiftSettings: strict + instrumented)
}

let package = Package(
  name: "fuzzing",
  dependencies: [.package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0")],
  targets: [
    .target(name: "CFuzzer"),
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O2"])]),
    room("EngineSupport", []),
    room("TensorCore", ["CKernels"]),
    room(
      "ONNXFormat", ["EngineSupport", "TensorCore", protobuf],
      exclude: ["Wire/onnx-subset.proto"]),
    room("NeuralRuntime", ["EngineSupport", "ONNXFormat", "TensorCore"]),
    .executableTarget(
      name: "fuzz-models",
      dependencies: ["CFuzzer", "EngineSupport", "NeuralRuntime", "ONNXFormat", "TensorCore"],
      swiftSettings: strict + instrumented,
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
  ]
)
