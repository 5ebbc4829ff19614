import EngineSupport
import Foundation
import SwiftProtobuf
import TensorCore
import Testing

@testable import ONNXFormat

@Suite("Functions and sub-graphs of ONNX models")
struct ONNXFunctionTests {
  private func node(
    _ operation: String, _ inputs: [String], _ outputs: [String], domain: String = "",
    _ attributes: [WireAttribute] = []
  ) -> WireNode {
    WireNode.with {
      $0.opType = operation
      $0.input = inputs
      $0.output = outputs
      $0.domain = domain
      $0.attribute = attributes
    }
  }

  private func int(_ name: String, _ value: Int64) -> WireAttribute {
    WireAttribute.with {
      $0.name = name
      $0.type = .int
      $0.i = value
    }
  }

  private func reference(_ name: String, to other: String) -> WireAttribute {
    WireAttribute.with {
      $0.name = name
      $0.type = .int
      $0.refAttrName = other
    }
  }

  private func function(_ name: String, _ nodes: [WireNode]) -> WireFunction {
    WireFunction.with {
      $0.name = name
      $0.domain = "local"
      $0.input = ["a", "b"]
      $0.output = ["r"]
      $0.attribute = ["axis"]
      $0.attributeProto = [int("keep", 1)]
      $0.opsetImport = [WireOperatorSetId.with { $0.version = 13 }, Self.local]
      $0.node = nodes
    }
  }

  private static let local = WireOperatorSetId.with {
    $0.domain = "local"
    $0.version = 1
  }

  private func model(_ functions: [WireFunction]) throws -> InputDocument {
    try ONNXFixtures.model { model in
      model.opsetImport.append(Self.local)
      model.functions = functions
      model.graph.node[0] = node("Outer", ["x", "c"], ["y"], domain: "local", [int("axis", 2)])
    }
  }

  @Test("a call becomes the function's nodes, with names and attributes of the call")
  func inlined() throws {
    let inner = function(
      "Inner",
      [
        node("Neg", ["a"], ["t"]),
        node("Concat", ["t", "b"], ["r"], [reference("axis", to: "axis")]),
      ])
    let outer = function(
      "Outer",
      [
        node("Inner", ["b"], ["u"], domain: "local", [reference("axis", to: "axis")]),
        node(
          "Add", ["u", "a"], ["r"],
          [reference("missing", to: "nowhere"), reference("keepdims", to: "keep")]),
      ])
    let graph = try ONNXModel(reading: try model([outer, inner])).graph
    #expect(graph.nodes.map(\.operation) == ["Neg", "Concat", "Add"])
    #expect(graph.nodes.map(\.opset) == [13, 13, 13])
    #expect(
      graph.nodes[0].inputs == ["c"] && graph.nodes[1].inputs == [graph.nodes[0].outputs[0], ""])
    #expect(graph.nodes[2].inputs == [graph.nodes[1].outputs[0], "x"])
    #expect(graph.nodes[2].outputs == ["y"])
    guard case .int(2) = graph.nodes[1].attributes["axis"],
      case .int(1) = graph.nodes[2].attributes["keepdims"]
    else {
      Issue.record("attributes were not handed on: \(graph.nodes)")
      return
    }
    #expect(graph.nodes[2].attributes["missing"] == nil)
    #expect(
      graph.nodes[0].location.path
        == "node 0 \"\" (Outer) / node 0 \"\" (Inner) / node 0 \"\" (Neg)")
  }

  @Test("functions that call themselves or unfold without end are refused")
  func endless() throws {
    let endless = function("Outer", [node("Outer", ["a"], ["r"], domain: "local")])
    #expect(ONNXFixtures.diagnostic(try model([endless]))?.code == "onnx.function.depth")
    // Ten calls each, sixteen deep.
    var functions = [
      function("Outer", (0..<10).map { node("F0", ["a"], ["r\($0)"], domain: "local") })
    ]
    for level in 0..<14 {
      functions.append(
        function(
          "F\(level)",
          (0..<10).map { node("F\(level + 1)", ["a"], ["r\($0)"], domain: "local") }))
    }
    functions.append(function("F14", [node("Neg", ["a"], ["r"])]))
    #expect(ONNXFixtures.diagnostic(try model(functions))?.code == "onnx.limit")
    #expect(
      ONNXFixtures.diagnostic(try model([endless, endless]))?.code == "onnx.function.duplicate")
  }

  @Test("a sub-graph is read with the names around it, and says where it stands")
  func subgraphs() throws {
    func branch(_ output: String) -> WireGraph {
      WireGraph.with {
        $0.name = "branch"
        $0.node = [node("Add", ["x", "c"], ["z"])]
        $0.output = [WireValueInfo.with { $0.name = output }]
      }
    }
    func document(_ output: String) throws -> InputDocument {
      try ONNXFixtures.model { model in
        let attribute = WireAttribute.with {
          $0.name = "then_branch"
          $0.type = .graph
          $0.g = [branch(output)]
        }
        model.graph.node[0] = node("If", ["c"], ["y"], [attribute])
      }
    }
    let graph = try ONNXModel(reading: try document("z")).graph
    #expect(graph.allNodes.map(\.operation) == ["If", "Add"])
    #expect(
      graph.allNodes[1].location.path == "node 0 \"\" (If) then_branch / node 0 \"\" (Add)")
    #expect(ONNXFixtures.diagnostic(try document("x")) == nil)
    #expect(ONNXFixtures.diagnostic(try document("ghost"))?.code == "onnx.value.undefined")
  }

  @Test("graphs inside graphs without end are refused before the stack is")
  func depth() throws {
    var graph = WireGraph()
    for _ in 0..<60 {
      let holder = WireAttribute.with {
        $0.name = "body"
        $0.type = .graph
        $0.g = [graph]
      }
      graph = WireGraph.with { $0.node = [node("Loop", [], [], [holder])] }
    }
    let deep = try ONNXFixtures.model { $0.graph = graph }
    #expect(ONNXFixtures.diagnostic(deep)?.code == "onnx.malformed")
  }

  @Test("every other type a constant may have")
  func types() throws {
    func values(_ type: Int32, _ dims: [Int64], _ change: (inout WireTensor) -> Void) throws
      -> any AnyTensor
    {
      let document = try ONNXFixtures.model { model in
        model.graph.initializer[0].floatData = []
        model.graph.initializer[0].dims = dims
        model.graph.initializer[0].dataType = type
        change(&model.graph.initializer[0])
      }
      return try ONNXModel(reading: document).graph.initializers[0].values
    }
    let text = try values(8, [2]) { $0.stringData = [.init("a".utf8), .init("é".utf8)] }
    #expect((text as? Tensor<String>)?.elements == ["a", "é"])
    let int4 = try values(22, [3]) { $0.int32Data = [0xF7, 0x08] }
    #expect((int4 as? Tensor<Int4>)?.integers == [7, -1, -8])
    let uint4 = try values(21, [3]) { $0.rawData = .init([0xF7, 0x08]) }
    #expect((uint4 as? Tensor<UInt4>)?.integers == [7, 15, 8])
    let uint32 = try values(12, [1]) { $0.uint64Data = [UInt64(UInt32.max)] }
    #expect((uint32 as? Tensor<UInt32>)?.elements == [.max])
    let int16 = try values(5, [2]) { $0.rawData = .init([0xFF, 0xFF, 1, 0]) }
    #expect((int16 as? Tensor<Int16>)?.elements == [-1, 1])
    let float8 = try values(17, [2]) { $0.int32Data = [0x38, 0xB8] }
    #expect((float8 as? Tensor<Float8E4M3FN>)?.reals == [1, -1])
    #expect(throws: Diagnostic.self) { try values(12, [1]) { $0.uint64Data = [1 << 32] } }
    #expect(throws: Diagnostic.self) { try values(8, [1]) { $0.stringData = [.init([0xFF])] } }
    #expect(throws: Diagnostic.self) { try values(22, [3]) { $0.rawData = .init([0xF7]) } }
  }

  @Test("a sparse constant is written out in full")
  func sparse() throws {
    func document(_ places: [Int64]) throws -> InputDocument {
      try ONNXFixtures.model { model in
        model.graph.sparseInitializer = [
          WireSparseTensor.with {
            $0.dims = [2, 3]
            $0.values = [
              WireTensor.with {
                $0.name = "s"
                $0.dims = [2]
                $0.dataType = 1
                $0.floatData = [5, 7]
              }
            ]
            $0.indices = [
              WireTensor.with {
                $0.dims = [2]
                $0.dataType = 7
                $0.int64Data = places
              }
            ]
          }
        ]
      }
    }
    let read = try ONNXModel(reading: try document([1, 5])).graph.initializers[1]
    #expect((read.values as? Tensor<Float>)?.elements == [0, 5, 0, 0, 0, 7])
    #expect(ONNXFixtures.diagnostic(try document([1, 6]))?.code == "onnx.tensor.malformed")
  }
}
