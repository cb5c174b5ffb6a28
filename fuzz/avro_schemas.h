// The schemas that Avro data is fuzzed with: every type, every logical type, recursion, and every rule of resolution.

#pragma once

#include <string_view>

namespace omashu::fuzz {

struct SchemaPair {
  std::string_view writer;
  std::string_view reader;  // "": the writer's
};

inline constexpr SchemaPair kSchemaPairs[] = {
    {R"("null")", ""},
    {R"({"type":"record","name":"P","fields":[{"name":"b","type":"boolean"},{"name":"i","type":"int"},
       {"name":"l","type":"long"},{"name":"f","type":"float"},{"name":"d","type":"double"},
       {"name":"y","type":"bytes"},{"name":"s","type":"string"},{"name":"n","type":"null"},
       {"name":"x","type":{"type":"fixed","name":"F","size":3}},
       {"name":"e","type":{"type":"enum","name":"E","symbols":["A","B","C"]}}]})",
     ""},
    {R"({"type":"array","items":{"type":"map","values":["null","long",{"type":"array","items":"string"}]}})", ""},
    {R"({"type":"array","items":"null"})", ""},
    {R"({"type":"record","name":"n.L","fields":[{"name":"v","type":"long"},{"name":"next","type":["null","L"]},
       {"name":"more","type":{"type":"array","items":"L"}},{"name":"by","type":{"type":"map","values":"L"}}]})",
     ""},
    {R"({"type":"record","name":"T","fields":[{"name":"d","type":{"type":"int","logicalType":"date"}},
       {"name":"t","type":{"type":"int","logicalType":"time-millis"}},
       {"name":"u","type":{"type":"long","logicalType":"time-micros"}},
       {"name":"a","type":{"type":"long","logicalType":"timestamp-millis"}},
       {"name":"b","type":{"type":"long","logicalType":"timestamp-micros"}},
       {"name":"c","type":{"type":"long","logicalType":"timestamp-nanos"}},
       {"name":"e","type":{"type":"long","logicalType":"local-timestamp-millis"}},
       {"name":"f","type":{"type":"long","logicalType":"local-timestamp-micros"}},
       {"name":"g","type":{"type":"long","logicalType":"local-timestamp-nanos"}}]})",
     ""},
    {R"({"type":"record","name":"D","fields":[
       {"name":"d","type":{"type":"bytes","logicalType":"decimal","precision":30,"scale":4}},
       {"name":"f","type":{"type":"fixed","name":"F","size":5,"logicalType":"decimal","precision":9,"scale":2}},
       {"name":"b","type":{"type":"bytes","logicalType":"big-decimal"}},
       {"name":"u","type":{"type":"string","logicalType":"uuid"}},
       {"name":"v","type":{"type":"fixed","name":"U","size":16,"logicalType":"uuid"}},
       {"name":"p","type":{"type":"fixed","name":"P","size":12,"logicalType":"duration"}}]})",
     ""},
    {R"(["null","boolean","int","long","float","double","bytes","string",
       {"type":"fixed","name":"F","size":2},{"type":"enum","name":"E","symbols":["A","string"]},
       {"type":"array","items":["null","int"]},{"type":"map","values":"string"},
       {"type":"record","name":"R","fields":[{"name":"string","type":"string","default":"x"}]},
       {"type":"record","name":"S","fields":[{"name":"R","type":["null","R"]},{"name":"map","type":"int"}]}])",
     ""},
    // Resolution: order, defaults, aliases, promotions, enums, unions, what nobody reads.
    {
        R"({"type":"record","name":"w.R","fields":[{"name":"a","type":"int"},{"name":"skip1","type":{"type":"map",
       "values":{"type":"array","items":["null","R","string"]}}},{"name":"b","type":"string"},{"name":"c","type":"float"},
       {"name":"e","type":{"type":"enum","name":"E","symbols":["A","B","Z"]}},{"name":"u","type":["null","int","string"]},
       {"name":"skip2","type":["null","R"]},{"name":"r","type":["null","R"]},{"name":"l","type":"long"}]})",
        R"({"type":"record","name":"r.R","fields":[{"name":"l","type":["null","double"]},
       {"name":"added","type":{"type":"record","name":"A","fields":[{"name":"x","type":"int","default":5},
         {"name":"y","type":["null","string"],"default":null}]},"default":{}},
       {"name":"r","type":["null","R"]},{"name":"u","type":["string","long","null"]},
       {"name":"b2","type":"bytes","aliases":["b"]},{"name":"c","type":"double"},{"name":"a","type":"double"},
       {"name":"e","type":{"type":"enum","name":"E","symbols":["B","A"],"default":"A"}},
       {"name":"s","type":"string","default":"none"}]})",
    },
    {R"({"type":"record","name":"R","fields":[{"name":"a","type":{"type":"array","items":"int"}},
       {"name":"b","type":["int","boolean"]},{"name":"e","type":{"type":"enum","name":"E","symbols":["A","B"]}}]})",
     R"({"type":"record","name":"R","fields":[{"name":"z","type":"int","default":1},
       {"name":"a","type":{"type":"array","items":"long"}},{"name":"m","type":"int","default":-1},
       {"name":"b","type":"float"},{"name":"e","type":{"type":"enum","name":"E","symbols":["B"]}}]})"},
};

}  // namespace omashu::fuzz
