#include "cli/option_parser.h"
#include "cli/sinks/sink_kind.h"
#include "sink/file/file_sink.h"

namespace omashu::cli {

namespace {

class FileSinkKind : public SinkKind {
 public:
  Description description() const override {
    return {
        .name = "file",
        .summary = "Append records to a file, a line of JSON each, exactly once",
        .usages = {"--path FILE TOPIC…"},
        .details =
            "A line is as `omashu consume --output json` prints it, with the topic, so `omashu produce` takes it. "
            "Every batch is synced, and then FILE.positions, which says how far the file is complete: what a crash "
            "left behind that is cut off at the next start, and read again. So each record stands in the file once, "
            "whenever the process was killed. A file is written by one process at a time.",
        .examples = {{"Keep every status that there was", "omashu sink file --path statuses.jsonl status-download"},
                     {"Up to now, and set aside what does not decode",
                      "omashu sink file --path statuses.jsonl --dead-letters status-download.dead --exit-at-end "
                      "status-download"}}};
  }

  void declare(OptionParser& options) override {
    options.heading("The file");
    options.option("--path", "FILE", path_, "the file; it is made where it is not there");
  }

  Result<void> check() override {
    if (path_.empty()) return fail(ErrorCode::kInvalidArgument, "--path FILE is missing: where to write");
    return {};
  }

  Result<std::unique_ptr<sink::Sink>> open(const SinkPlace&) override {
    return std::make_unique<sink::FileSink>(path_);
  }

 private:
  std::string path_;
};

}  // namespace

std::unique_ptr<SinkKind> make_file_sink_kind() { return std::make_unique<FileSinkKind>(); }

}  // namespace omashu::cli
