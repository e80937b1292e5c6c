#include "mock_provider/request_line.h"

#include <gtest/gtest.h>

#include <memory>

#include "mock_provider/outcome_text.h"

namespace mock_provider {
namespace {

JournalEntry Met(Action action, int status, bool stream = false) {
  JournalEntry entry;
  entry.seq = 7;
  entry.provider = "alpha";
  entry.arrival_ms = 12'345;
  entry.method = "POST";
  entry.target = "/v1/chat/completions";
  entry.model = "gpt-4o";
  entry.stream = stream;
  entry.status = status;
  entry.action = std::make_shared<const Action>(std::move(action));
  return entry;
}

JournalEntry Normal() {
  JournalEntry entry = Met({}, 200);
  entry.action = nullptr;
  return entry;
}

TEST(RequestLine, SaysWhenWhereWhichRuleAndWhatBecameOfIt) {
  JournalEntry entry = Met({.error = ErrorAnswer{.status = 503}}, 503);
  entry.hit.rule = "5xx-twice";
  entry.hit.step = 1;
  entry.retry_after_ms = 2000;
  EXPECT_EQ(RequestLine(entry),
            "   12.345s    #7 alpha      5xx-twice[1]       503, retry after 2000 ms  gpt-4o");
  EXPECT_EQ(RequestLine(Normal()), "   12.345s    #7 alpha      -                  200  gpt-4o");
}

TEST(RequestLine, ARequestWithoutAModelShowsItsPath) {
  JournalEntry entry = Normal();
  entry.model = "";
  entry.method = "GET";
  entry.target = "/v1/models";
  EXPECT_TRUE(RequestLine(entry).ends_with("200  GET /v1/models"));
}

TEST(RequestLine, WhatAClientSendsCannotDriveTheTerminal) {
  JournalEntry entry = Normal();
  entry.model = "\x1b[2J\nm" + std::string(500, 'x');
  const std::string line = RequestLine(entry);
  EXPECT_EQ(line.find_first_of("\x1b\n"), std::string::npos);
  EXPECT_LT(line.size(), 200u);
}

TEST(RequestLine, AnOutcomeNamesEveryPartOfTheAction) {
  EXPECT_EQ(OutcomeText(Normal()), "200");
  EXPECT_EQ(OutcomeText(Met({}, 200, true)), "200 stream");
  EXPECT_EQ(OutcomeText(Met({.error = ErrorAnswer{.kind = ErrorKind::kOverloaded}}, 529)), "529 overloaded");
  EXPECT_EQ(OutcomeText(Met({.delay_ms = Delay::Fixed(20), .fault = FaultKind::kReset}, 0)),
            "fault reset, after 20 ms");
  EXPECT_EQ(OutcomeText(Met({.hang = Hang{}}, 0)), "hang before_headers for ever");
  EXPECT_EQ(
      OutcomeText(Met({.hang = Hang{.at = Hang::At::kMidBody, .for_ms = 50, .end = Hang::End::kReset}}, 200)),
      "200, hang mid_body for 50 ms, then reset");
  EXPECT_EQ(OutcomeText(Met({.drip_bytes_per_s = 20}, 200)), "200, 20 bytes/s");
  EXPECT_EQ(OutcomeText(Met(
                {.frames = Frames{.omit_done = true, .at = {{.frame = 2, .stall_ms = 5, .duplicate = true}}}},
                200, true)),
            "200 stream, no [DONE], stall 5 ms and duplicate at frame 2");
}

TEST(RequestLine, AClientThatLeavesIsSeenToLeave) {
  JournalEntry entry = Met({.hang = Hang{}}, 200);
  entry.end_ms = 14'357;
  entry.closed_by = ClosedBy::kClient;
  EXPECT_EQ(DepartureLine(entry), "   14.357s    #7 alpha      the client left after 2012 ms and 0 bytes");
}

TEST(Summary, CountsByProviderAndStatusAndGivesTheVerdict) {
  JournalEntry bad = Met({}, 400), lost = Met({}, 0), good = Met({}, 200);
  bad.end_ms = lost.end_ms = good.end_ms = 12'350;
  good.provider = lost.provider = "beta";
  good.body = "other";
  EXPECT_EQ(Summary({bad, lost, good}, 3, 13'000),
            "3 requests in 13.000 s\n  alpha      1 x 400\n  beta       1 x no readable answer, 1 x 200\n"
            "verdict: 1 finding\n  gave_up (#7): a broken answer was not tried again\n");
  EXPECT_TRUE(Summary({good}, 1, 13'000).ends_with("verdict: ok, the client behaved well\n"));
}

TEST(Summary, NamesTheFindingsAndCapsThem) {
  std::vector<JournalEntry> entries;
  for (std::uint64_t i = 1; i <= 30; ++i) {
    entries.push_back(Met({}, 503));
    entries.back().seq = i;
    entries.back().body = std::to_string(i);
    entries.back().end_ms = 12'350;
  }
  const std::string text = Summary(entries, 40, 1e6);
  EXPECT_NE(text.find("of which the last 30 are known"), std::string::npos);
  EXPECT_NE(text.find("verdict: 30 findings\n  gave_up (#1): a 503 was not tried again\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("and 10 more"), std::string::npos);
}

TEST(Summary, NoRequestsNeedNoVerdict) { EXPECT_EQ(Summary({}, 0, 1500), "0 requests in 1.500 s\n"); }

}  // namespace
}  // namespace mock_provider
