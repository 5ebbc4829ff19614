import AttackGraphs
import Testing

/// Loss of safety in the industrial language: a hazard, and every safety function that guards against it failing.
@Suite struct SafetyFunctionTests {
  /// A model sets a drive; a safety controller guards it and gets the model's value as well as its own sensor's.
  static let cell = """
    Scene PhysicalQuantity
    Camera OpticalSensor
    Brain LearningModel
    Robot Controller
    Drive Actuator
    Scanner RangingSensor
    Guard SafetyController
    Tool EngineeringStation
    Scene DataFlow > Camera
    Camera DataFlow > Brain
    Brain ProfinetFlow > Robot
    Brain ProfinetFlow > Guard
    Scanner AnalogFlow > Guard
    Robot ProfinetFlow > Drive
    Tool S7commFlow > Guard
    Tool S7commFlow > Robot
    Guard Protects Drive
    zone cell Robot Guard Tool
    """

  @Test func withoutASafetyFunctionTheHazardIsEnough() throws {
    let unguarded = Self.cell.replacing("Guard Protects Drive\n", with: "")
    let reach = try PlantSketch(unguarded).reach("Drive:lossOfSafety", from: ["Scene:approach"])
    #expect(reach.fromSensor)
  }

  @Test func aSafetyFunctionThatListensToTheModelFailsWithIt() throws {
    var plant = try PlantSketch(Self.cell)
    #expect(try plant.reach("Drive:lossOfSafety", from: ["Scene:approach"]).fromSensor)
    try plant.enable("Guard:independentInputs")
    try plant.enable("Guard:tripsOnFailure")
    #expect(try plant.reach("Drive:unsafeSetPoint", from: ["Scene:approach"]).fromSensor)
    #expect(try !plant.reach("Drive:lossOfSafety", from: ["Scene:approach"]).fromBoth)
  }

  @Test func itsOwnSensorAndItsProgramAreWaysToo() throws {
    var plant = try PlantSketch(Self.cell)
    try plant.enable("Guard:independentInputs")
    let fooled = try plant.reach("Drive:lossOfSafety", from: ["Scene:approach", "Scanner:inBeam"])
    #expect(fooled.fromSensor)
    let changed = try plant.reach(
      "Drive:lossOfSafety", from: ["Scene:approach", "Tool:usedElsewhere"])
    #expect(changed.fromNetwork)
    for defense in ["diverseSensors", "hardwiredTrip"] { try plant.enable("Guard:\(defense)") }
    let entries = ["Scene:approach", "Scanner:inBeam", "Tool:usedElsewhere"]
    #expect(try !plant.reach("Drive:lossOfSafety", from: entries).fromBoth)
    #expect(try plant.reach("Drive:unsafeSetPoint", from: entries).fromNetwork)
  }

  @Test func twoSafetyFunctionsMustBothFail() throws {
    var plant = try PlantSketch(
      Self.cell + """

        Second SafetyController
        Second Protects Drive
        """)
    let entries = ["Scene:approach", "Tool:usedElsewhere"]
    #expect(try !plant.reach("Drive:lossOfSafety", from: entries).fromBoth)
    #expect(try plant.reach("Drive:lossOfSafety", from: entries + ["Second:exposed"]).fromBoth)
    try plant.enable("Drive:failsSafe")
    #expect(try plant.reach("Drive:damageToProperty", from: entries).fromBoth)
    try plant.enable("Drive:mechanicalProtection")
    #expect(try !plant.reach("Drive:damageToProperty", from: entries).fromBoth)
  }
}
