/* MKL PARDISO on the pinned Neumann Laplacian of a box, as cholmod.c factors it by CHOLMOD.
   pardiso NX NY NZ
   Prints one JSON object: analyse, factor, solve one, solve each of 16 (seconds), nonzeros of L. */
#include <mkl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

typedef struct {
    void *handle[64];
    MKL_INT parameter[64], cells, *start, *column;
    double *value;
} Problem;

/* The upper triangle by rows, the first cell pinned. */
static void laplacian(const int n[3], Problem *p) {
    MKL_INT stride[3] = {1, n[0], (MKL_INT)n[0] * n[1]}, entries = 0;
    p->cells = stride[2] * n[2];
    p->start = malloc((p->cells + 1) * sizeof(MKL_INT));
    p->column = malloc(4 * p->cells * sizeof(MKL_INT));
    p->value = malloc(4 * p->cells * sizeof(double));
    for (MKL_INT cell = 0; cell < p->cells; cell++) {
        MKL_INT own = entries++;
        double diagonal = cell == 0;
        for (int k = 0; k < 3; k++) {
            MKL_INT at = cell / stride[k] % n[k];
            diagonal += at > 0;
            if (at + 1 < n[k]) {
                diagonal++;
                p->column[entries] = cell + stride[k], p->value[entries++] = -1;
            }
        }
        p->start[cell] = own, p->column[own] = cell, p->value[own] = diagonal;
    }
    p->start[p->cells] = entries;
}

static double phase(Problem *p, MKL_INT phase, MKL_INT columns, double *b, double *x) {
    MKL_INT one = 1, type = 2, messages = 0, error = 0;
    double start = now();
    pardiso(p->handle, &one, &one, &type, &phase, &p->cells, p->value, p->start, p->column, NULL,
            &columns, p->parameter, &messages, b, x, &error);
    if (error != 0) {
        fprintf(stderr, "phase %d: error %d\n", (int)phase, (int)error);
        exit(1);
    }
    return now() - start;
}

static double solve(Problem *p, MKL_INT columns) {
    size_t values = (size_t)p->cells * columns;
    double *b = malloc(values * sizeof(double)), *x = malloc(values * sizeof(double)), best = 1e9;
    for (size_t i = 0; i < values; i++) b[i] = (double)rand() / RAND_MAX;
    for (int repeat = 0; repeat < 5; repeat++) {
        double seconds = phase(p, 33, columns, b, x);
        best = seconds < best ? seconds : best;
    }
    free(b), free(x);
    return best;
}

int main(int count, char **argument) {
    if (count < 4) return 2;
    int n[3] = {atoi(argument[1]), atoi(argument[2]), atoi(argument[3])};
    static Problem p;
    MKL_INT type = 2;
    laplacian(n, &p);
    pardisoinit(p.handle, &type, p.parameter);
    p.parameter[1] = 3;   /* METIS in parallel */
    p.parameter[7] = 0;   /* no refinement */
    p.parameter[17] = -1; /* count the nonzeros */
    p.parameter[34] = 1;  /* indices from 0 */
    double analysed = phase(&p, 11, 1, NULL, NULL), factored = phase(&p, 22, 1, NULL, NULL);
    printf("{\"peer\": \"pardiso\", \"n\": [%d, %d, %d], \"analyse\": %.4f, \"factor\": %.4f, ", n[0],
           n[1], n[2], analysed, factored);
    printf("\"solve\": %.4f, \"solve_each_of_16\": %.4f, \"nonzeros\": %.0f}\n", solve(&p, 1),
           solve(&p, 16) / 16, (double)p.parameter[17]);
    return 0;
}
