#!/usr/bin/env bash
# The paper in miniature: DetCLIPv2's tables 2 to 5 on a drawn world. Hours on one core; rows are run one at a time, and what is measured already is not run again.
#
#   eng/runs/openworld.sh [ladder] [ablations] [generalisation] [photographs] [report] ...      (nothing: all of it)
#   GPU=0 eng/runs/openworld.sh large      (Swin-T on the large edition, on that CUDA device)
#
# OUT   where the world, the runs and the programs go (out/openworld)
# RESULTS   folder of results.csv and of the page (eng/docs/openworld)
# DATA   folder of playing-cards, raccoon and coco-mini (data)
# SEEDS, ABLATION_SEEDS, LARGE_SEEDS   "1 2 3", "1 2" and "1"
# GPU   number of a CUDA device; nothing trains and measures on the CPU
set -euo pipefail
cd "$(dirname "$0")/../.."
OUT=${OUT:-out/openworld}
RESULTS=${RESULTS:-eng/docs/openworld}
SEEDS=${SEEDS:-1 2 3}
ABLATION_SEEDS=${ABLATION_SEEDS:-1 2}
LARGE_SEEDS=${LARGE_SEEDS:-1}
GPU=${GPU:-}
DATA=${DATA:-data}
RECIPE=eng/runs/openworld-nano.json
WORLD=$OUT/world
export OMP_NUM_THREADS=1
TIMEFORMAT='%U %S %R'

# Copies of the programs, so that builds do not disturb a run.
prepare() {
    mkdir -p "$OUT/runs"
    if [ ! -e "$OUT/bin/detclip.dll" ]; then
        dotnet build -c Release -v quiet -m:1 src/Microsoft.ML.DetClip.Cli
        cp -rL src/Microsoft.ML.DetClip.Cli/bin/Release/net10.0 "$OUT/bin"
    fi
    if [ ! -e "$OUT/measure/OpenWorldRuns.dll" ]; then
        dotnet build -c Release -v quiet -m:1 eng/runs/openworld
        cp -rL eng/runs/openworld/bin/Release/net10.0 "$OUT/measure"
    fi
    [ -e "$WORLD" ] || dotnet "$OUT/bin/detclip.dll" openworld --edition medium --out "$WORLD"
}

# measure NAME SEED RUN [option value ...]
measure() {
    local name=$1 seed=$2 run=$3
    shift 3
    dotnet "$OUT/measure/OpenWorldRuns.dll" measure --row "$name" --seed "$seed" --run "$run" --model "$run/detector.zip" --world "$WORLD" --csv "$RESULTS/results.csv" ${GPU:+--gpu "$GPU"} "$@"
}

is_measured() { [ -e "$RESULTS/results.csv" ] && grep -q "^$1,$2," "$RESULTS/results.csv"; }

# row NAME SEED "CORPORA" [setting=value ...]: trains and measures, unless that is done. A run that was stopped goes on.
row() {
    local name=$1 seed=$2 corpora=$3 run=$OUT/runs/$1-$2 sources=() settings=() measuring=() user system wall memory
    shift 3
    if is_measured "$name" "$seed"; then return; fi
    for corpus in $corpora; do
        case $corpus in
            detection) sources+=(--data "coco:$WORLD/detection.json,images=$WORLD") ;;
            grounding) sources+=(--data "odvg:$WORLD/grounding.jsonl,images=$WORLD") ;;
            pairs | more-pairs) sources+=(--data "webdataset:$WORLD/$corpus.tar,images=$WORLD.unpacked") ;;
        esac
    done
    for setting in "Seed=$seed" "Tokenizer=$WORLD/tokenizer.txt" "Definitions=$WORLD/definitions.tsv" "$@"; do
        settings+=(--set "$setting")
        if [ "$setting" = Definitions=null ]; then measuring=(--ask name); fi
    done
    echo "$(date +%T) $name, seed $seed" >&2
    if [ ! -e "$run/detector.zip" ]; then
        { time dotnet "$OUT/bin/detclip.dll" train --recipe "$RECIPE" ${GPU:+--gpu "$GPU"} --resume --out "$run" "${sources[@]}" "${settings[@]}" > "$run.log" 2>&1; } 2> "$run.time"
    fi
    read -r user system wall < <(tail -n 1 "$run.time")
    memory=$(awk '$1 == "memory" { peak = $2 } END { print peak }' "$run.log")
    measure "$name" "$seed" "$run" --cpu "$(echo "$user + $system" | bc)" --wall "$wall" ${memory:+--memory "$memory"} "${measuring[@]}"
}

# Table 4: what each kind of data adds.
ladder() {
    for seed in $SEEDS; do
        row detection "$seed" "detection"
        row pairs "$seed" "detection pairs"
        row grounding "$seed" "detection grounding pairs"
        row more-pairs "$seed" "detection grounding pairs more-pairs"
    done
}

# The first steps of the ladder with Swin-T and 980 names.
large() {
    local RECIPE=eng/runs/openworld-swin-t.json WORLD=$OUT/large seed
    [ -e "$WORLD" ] || dotnet "$OUT/bin/detclip.dll" openworld --edition large --out "$WORLD"
    for seed in $LARGE_SEEDS; do
        row large-detection "$seed" "detection"
        row large-pairs "$seed" "detection pairs"
        row large-grounding "$seed" "detection grounding pairs"
    done
    dotnet "$OUT/measure/OpenWorldRuns.dll" found --model "$OUT/runs/large-grounding-1/detector.zip" --world "$WORLD" --picture "$RESULTS/large-found.png" ${GPU:+--gpu "$GPU"}
}

# Tables 2, 3 and 5: one setting at a time; what the paper chose is the row "pairs".
ablations() {
    for seed in $ABLATION_SEEDS; do
        row clip-1-detection "$seed" "detection" MaxGradientNorm=1
        row clip-1-pairs "$seed" "detection pairs" MaxGradientNorm=1
        row asked-100 "$seed" "detection grounding pairs" Grounding.ConceptsPerImage=100
        row lambda-0.03 "$seed" "detection pairs" WordRegion.Weight=0.03
        row lambda-1 "$seed" "detection pairs" WordRegion.Weight=1
        row lambda-0.3 "$seed" "detection pairs" WordRegion.Weight=0.3
        row score-own-text "$seed" "detection pairs" WordRegion.ProposalScore=OwnText
        row score-centerness "$seed" "detection pairs" WordRegion.ProposalScore=Centerness
        row score-foreground "$seed" "detection pairs" WordRegion.ProposalScore=Foreground Network.Head.Foreground=true
        row score-iou "$seed" "detection pairs" WordRegion.ProposalScore=PredictedIoU Network.Head.PredictedIoU=true
        row score-text-centerness "$seed" "detection pairs" WordRegion.ProposalScore=BatchTextTimesCenterness
        row tau-0.07 "$seed" "detection pairs" WordRegion.Temperature=0.07
        row tau-0.15 "$seed" "detection pairs" WordRegion.Temperature=0.15
        row tau-1 "$seed" "detection pairs" WordRegion.Temperature=1
        row direction-image-to-text "$seed" "detection pairs" WordRegion.Direction=ImageToText
        row direction-both "$seed" "detection pairs" WordRegion.Direction=Both
        row matching-largest-box "$seed" "detection pairs" WordRegion.Matching=LargestBox
        row matching-one-to-many "$seed" "detection pairs" WordRegion.Matching=OneToMany
        row k-25 "$seed" "detection pairs" WordRegion.Proposals=25
        row k-50 "$seed" "detection pairs" WordRegion.Proposals=50
        row k-200 "$seed" "detection pairs" WordRegion.Proposals=200
        row plain-detection "$seed" "detection" Network.Head.Deformable=false
        row plain-grounding "$seed" "detection grounding pairs" Network.Head.Deformable=false
        row resolution-64 "$seed" "detection pairs" Pairs.SmallestShortSide=64 Pairs.ShortSide=64 Pairs.LongSide=64
        row resolution-128 "$seed" "detection pairs" Pairs.SmallestShortSide=128 Pairs.ShortSide=128 Pairs.LongSide=128
        row names-alone "$seed" "detection pairs" Definitions=null
        row names-alone-grounding "$seed" "detection grounding pairs" Definitions=null
        row text-frozen "$seed" "detection pairs" TextRateFactor=0
        row text-full-rate "$seed" "detection pairs" TextRateFactor=1
    done
}

# What definitions tell a detector about names that it never met: the same detector, asked in other ways. And a rival that reads no names: a free vector for each frequent one.
generalisation() {
    for seed in $SEEDS; do
        row closed-set "$seed" "detection" Mode=ClosedSet
        for way in name alias alias-definition; do
            if [ -e "$OUT/runs/pairs-$seed/detector.zip" ] && ! is_measured "pairs-asked-$way" "$seed"; then
                measure "pairs-asked-$way" "$seed" "$OUT/runs/pairs-$seed" --ask "$way"
            fi
        done
    done
}

# Raccoons have no split of their own: every fifth photograph is for validation.
split_raccoons() {
    local number=0 xml split
    if [ -e "$OUT/raccoon" ]; then return; fi
    rm -rf "$OUT/raccoon.partial"
    mkdir -p "$OUT/raccoon.partial/train" "$OUT/raccoon.partial/test"
    for xml in "$DATA"/raccoon/annotations/*.xml; do
        split=train
        if [ $((number % 5)) = 0 ]; then split=test; fi
        cp "$xml" "$DATA/raccoon/images/$(basename "$xml" .xml).jpg" "$OUT/raccoon.partial/$split"
        number=$((number + 1))
    done
    mv "$OUT/raccoon.partial" "$OUT/raccoon"
}

# Photographs: nano on playing cards, raccoons and the miniature COCO, from nothing and from what the ladder's last row has learned.
photographs() {
    local csv=$RESULTS/photographs.csv run start sources
    [ -e "$csv" ] || echo "data,start,seed,AP,AP50" > "$csv"
    split_raccoons
    for seed in $ABLATION_SEEDS; do
        for data in playing-cards raccoon coco-mini; do
            for start in nothing openworld; do
                if grep -q "^$data,$start,$seed," "$csv"; then continue; fi
                run=$OUT/runs/$data-$start-$seed
                case $data in
                    playing-cards) sources=(--data "voc:$DATA/playing-cards/images/train" --validation "voc:$DATA/playing-cards/images/test") ;;
                    raccoon) sources=(--data "voc:$OUT/raccoon/train" --validation "voc:$OUT/raccoon/test") ;;
                    coco-mini) sources=(--data "coco:$DATA/coco-mini/annotations/instances_train2017.json,images=$DATA/coco-mini/train2017"
                        --validation "coco:$DATA/coco-mini/annotations/instances_val2017.json,images=$DATA/coco-mini/val2017") ;;
                esac
                if [ "$start" = openworld ]; then sources+=(--set "StartFrom=$OUT/runs/more-pairs-$seed/last.safetensors"); fi
                dotnet "$OUT/bin/detclip.dll" train --recipe eng/runs/openworld-photographs.json --resume --out "$run" --set "Seed=$seed" "${sources[@]}" > "$run.log" 2>&1
                awk -F, -v row="$data,$start,$seed" '$3 == "validation" { last = row "," $15 "," $16 } END { print last }' "$run/metrics.csv" >> "$csv"
            done
        done
    done
}

report() {
    dotnet "$OUT/measure/OpenWorldRuns.dll" sheet "$WORLD" "$RESULTS/named-objects.png"
    dotnet "$OUT/measure/OpenWorldRuns.dll" report "$RESULTS"
}

prepare
for part in "${@:-ladder ablations generalisation photographs report}"; do
    for one in $part; do "$one"; done
done
