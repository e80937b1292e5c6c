// A real provider's answer on its way to the mock's client, piece by piece as it comes, with what an action
// does to it. Bytes come in, steps on the wire go out.
#ifndef ARBSTR_MOCK_PROVIDER_UPSTREAM_RELAY_WRITER_H_
#define ARBSTR_MOCK_PROVIDER_UPSTREAM_RELAY_WRITER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mock_provider/answer/frame_script.h"
#include "mock_provider/http/event_splitter.h"
#include "mock_provider/http/http_answer.h"
#include "mock_provider/http/wire_plan.h"
#include "mock_provider/scenario/action.h"
#include "mock_provider/scenario/draw.h"

namespace mock_provider {

// Whether an action can be played on an answer of which only the beginning is known. One that breaks the
// framing or has to find the body's middle needs it whole.
bool PlaysOnPieces(const Action& action);

class RelayWriter {
 public:
  struct Body {
    bool events = false;                    // each leaves as a frame of its own
    std::optional<std::uint64_t> length{};  // announced; events are always sent in chunks
    bool none = false;                      // no byte comes, whatever was announced

    bool Empty() const { return none || length == 0u; }
  };

  // `action`, `script` and `draws` must outlive the writer. The head leaves with the first Take.
  RelayWriter(const HttpAnswer& head, const Body& body, const Action& action, const StreamScript& script,
              DrawSequence& draws);

  void Add(std::string_view bytes);
  // The body is complete.
  void End();
  // The provider broke off: what has come leaves, then FIN.
  void Cut();

  // What is to be done since the last time.
  WirePlan Take();
  // Nothing more will come.
  bool Finished() const { return finished_; }

 private:
  void Write(std::string_view bytes);
  void Finish(bool cut);
  void CloseUp(bool cut);

  const bool chunked_;
  const bool keep_alive_;
  const Body body_;
  const Action& action_;
  std::optional<StreamWriter> stream_;  // of events
  EventSplitter splitter_;
  WirePlan plan_;
  std::uint64_t received_ = 0;
  bool finished_ = false;
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_UPSTREAM_RELAY_WRITER_H_
