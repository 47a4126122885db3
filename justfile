# Recipes for those who work on Assize; `just` lists them.

default:
    @just --list

# everything that CI runs
ci:
    bash .ci/run

# all tests
test *ARGS:
    cargo test {{ARGS}}

# rewrite the expected outputs of tests; read the difference before you commit it
update *ARGS:
    UPDATE_EXPECT=1 cargo test {{ARGS}}

# format and lint
lint:
    cargo fmt --all
    cargo clippy --all-targets -- -D warnings

# the API documentation
doc:
    cargo doc --no-deps --open

# licences and advisories of dependencies
deny:
    cargo deny check

# generate the AWS schemas again from a folder of CloudFormation registry schemas
schemas FOLDER:
    cargo run --release -- schema import {{FOLDER}} --overlay stdlib/schema/overlay/aws --out stdlib/schema/aws

# random programs against the oracle: 100,000 pairs
differential PAIRS='100000':
    ASSIZE_PAIRS={{PAIRS}} cargo test --release --test main oracle

# fuzz each target for so many seconds; docs/fuzzing.md
fuzz SECONDS='600' *TARGETS:
    fuzz/run {{SECONDS}} {{TARGETS}}

# planted defects: which test catches each; words of names run some (`just defects join`)
defects *NAMES:
    tests/defects/run {{NAMES}}

# criterion benches of every phase; `just bench --bench read -- --quick` runs one, roughly
bench *ARGS:
    cargo bench --locked {{ARGS}}

# Assize beside its peers in one interleaved run; docs/performance.md
bench-peers *ARGS:
    benches/peers/run {{ARGS}}
