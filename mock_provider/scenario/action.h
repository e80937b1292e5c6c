// What a client meets when a rule's step is played: a reply or an error, and what goes wrong with it.
#ifndef ARBSTR_MOCK_PROVIDER_SCENARIO_ACTION_H_
#define ARBSTR_MOCK_PROVIDER_SCENARIO_ACTION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mock_provider/scenario/delay.h"
#include "mock_provider/scenario/error_kind.h"
#include "mock_provider/scenario/fault_kind.h"

namespace mock_provider {

struct ToolCall {
  std::string id{};  // empty: one is made up
  std::string name{};
  std::string arguments{};  // JSON text, sent as it is, so that it may be broken on purpose
};

struct Usage {
  std::optional<std::int64_t> prompt_tokens{};              // absent: the words of the request's messages
  std::optional<std::int64_t> completion_tokens{};          // absent: the words of the answer
  std::optional<std::int64_t> total_tokens{};               // absent: their sum
  std::vector<std::pair<std::string, std::string>> more{};  // further members, name -> JSON text
};

struct Reply {
  int status = 200;
  std::optional<std::string> text{};
  std::vector<ToolCall> tool_calls{};
  std::optional<std::string> finish_reason{};  // absent: stop, or tool_calls where there are some
  Usage usage{};
  bool omit_usage = false;             // the file's "usage": null
  std::optional<std::string> model{};  // absent: as the request asked
  std::optional<std::string> id{};
  std::optional<std::string> body{};  // instead of a completion, byte for byte
  // Added, also several of one name; one of ours of that name gives way.
  std::vector<std::pair<std::string, std::string>> headers{};
};

struct ErrorAnswer {
  ErrorKind kind = ErrorKind::kStatus;
  int status = 500;  // for kStatus
  std::optional<std::int64_t> retry_after_ms{};
};

inline constexpr int kMaxFrame = 1'000'000;  // the last one that a scenario may name

struct Hang {
  enum class At { kBeforeHeaders, kAfterHeaders, kFrame, kMidBody };
  enum class End { kFin, kReset, kReply };
  At at = At::kBeforeHeaders;
  int frame = 0;                   // for kFrame; in an answer without frames it means the middle of the body
  std::optional<double> for_ms{};  // absent: for ever
  End end = End::kFin;
};

// What happens at one frame of a stream. stall and comment come before it; the others take its place.
struct FrameEvent {
  enum class End {
    kFin,
    kReset,
    kClean,  // the body ends as it is framed, as if this frame and those behind it had never been
  };
  int frame = 0;
  std::optional<double> stall_ms{};
  std::optional<std::string> comment{};
  bool split_utf8 = false;                 // sent in two halves, cut inside a multi-byte character
  std::optional<std::string> malformed{};  // an event with this as its data
  bool cut_json = false;                   // the file's "malformed": true: the frame's own JSON, cut short
  bool cut_mid_event = false;              // half of the frame, then FIN
  std::optional<ErrorAnswer> error_event{};
  bool duplicate = false;
  std::optional<End> end{};
};

struct Frames {
  std::optional<Delay> delay_ms{};  // before each frame but the first
  bool omit_done = false;
  std::vector<FrameEvent> at{};
};

struct Action {
  std::optional<Reply> reply{};
  std::optional<ErrorAnswer> error{};
  std::optional<Delay> delay_ms{};
  std::optional<Hang> hang{};
  std::optional<double> drip_bytes_per_s{};
  std::optional<FaultKind> fault{};
  std::optional<Frames> frames{};
};

}  // namespace mock_provider

#endif  // ARBSTR_MOCK_PROVIDER_SCENARIO_ACTION_H_
